import { QueryError, type Span } from './errors.ts'
import { escapePattern } from './pattern.ts'

/** The text of a query and how far it has been read. */
export type Cursor = { readonly text: string; position: number }

/** One value behind a key: pieces in quotes and pieces without, side by side. */
export type Value = Span & { pieces: { text: string; quoted: boolean }[] }

/** Reads what the expression, which must be sticky, finds at the cursor. */
export function read(cursor: Cursor, expression: RegExp): string | undefined {
  expression.lastIndex = cursor.position
  const found = expression.exec(cursor.text)?.[0]
  if (found !== undefined) cursor.position += found.length
  return found
}

/** Reads a text in quotes, if there is one. A backslash makes the next character an ordinary one. */
export function readQuoted(cursor: Cursor): string | undefined {
  const start = cursor.position
  if (cursor.text[start] !== '"') return undefined
  const quoted = read(cursor, /"[^"\\]*(?:\\[^][^"\\]*)*"/y)
  if (quoted === undefined) throw new QueryError('QUERY_QUOTE_NOT_CLOSED', { start, end: start + 1 })
  return quoted.slice(1, -1).replace(/\\([^])/g, '$1')
}

/** Reads one value; without any pieces there is none. */
export function readValue(cursor: Cursor): Value {
  const start = cursor.position
  const pieces: Value['pieces'] = []
  for (;;) {
    const quoted = readQuoted(cursor)
    const text = quoted ?? read(cursor, /[^\s,"()]+/y)
    if (text === undefined) return { pieces, start, end: cursor.position }
    pieces.push({ text, quoted: quoted !== undefined })
  }
}

/** The value as plain text. */
export function getText(value: Value): string {
  return value.pieces.map(({ text }) => text).join('')
}

/** The value as a lower-case pattern, in which only a `*` without quotes is a wildcard. */
export function getPattern(value: Value): string {
  const parts = value.pieces.map(({ text, quoted }) => (quoted ? escapePattern(text) : text.replaceAll('\\', '\\\\')))
  return parts
    .join('')
    .replace(/(\\[^])|\*+/g, (_, escaped?: string) => escaped ?? '*')
    .toLowerCase()
}

/** True when the value is this text and stands without quotes. */
export function isBare(value: Value, text: string): boolean {
  return value.pieces.every(({ quoted }) => !quoted) && getText(value).toLowerCase() === text
}

export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
