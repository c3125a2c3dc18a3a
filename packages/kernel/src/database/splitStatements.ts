/** What may hold a semicolon that ends nothing: comments, quoted texts and names, bodies of functions. */
const WHOLE = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[^]*?\$\1\$|;|[^]/g

/** The statements of a script, without the semicolons that end them and without pieces that only comment. */
export function splitStatements(script: string): string[] {
  const statements = ['']
  let isEmpty = true
  for (const [piece] of script.matchAll(WHOLE)) {
    if (piece === ';') {
      if (isEmpty) statements.pop()
      statements.push('')
      isEmpty = true
      continue
    }
    statements[statements.length - 1] += piece
    isEmpty &&= /^\s|^--|^\/\*/.test(piece)
  }
  if (isEmpty) statements.pop()
  return statements.map(each => each.trim())
}
