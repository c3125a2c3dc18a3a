import { loadAll } from 'js-yaml'
import { LineCounter, parseAllDocuments, type Document } from 'yaml'

/** One document of a file: its value, or why it cannot be read. Empty documents are left out. */
export type ParsedDocument =
  | { index: number; status: 'read'; value: unknown }
  | { index: number; status: 'broken'; reason: string; line: number; column: number }

/**
 * Reads all documents of a YAML or JSON file. One that cannot be read does not harm its neighbours.
 *
 * js-yaml reads whole files several times faster, so it goes first; a file that it refuses is read again with `yaml`,
 * which knows positions and goes on behind an error.
 */
export function parseFile(text: string): ParsedDocument[] {
  try {
    return loadAll(text).flatMap((value, index) => (value == null ? [] : [{ index, status: 'read' as const, value }]))
  } catch {
    return parseCarefully(text).documents.flatMap((document, index): ParsedDocument[] => {
      const [error] = document.errors
      if (error) {
        const spot = error.linePos?.[0] ?? { line: 1, col: 1 }
        return [{ index, status: 'broken', reason: sentenceOf(error.message), line: spot.line, column: spot.col }]
      }
      const value: unknown = document.toJS()
      return value == null ? [] : [{ index, status: 'read', value }]
    })
  }
}

/** The first line of the parser's message; the place is told beside it. */
function sentenceOf(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')
}

/** The position, from 1, of the value at a path of a document; of the nearest parent where the path ends early. */
export function findPosition(
  text: string,
  index: number,
  path: (string | number)[],
): { line: number; column: number } | undefined {
  const { documents, lines } = parseCarefully(text)
  const document = documents[index]
  if (!document) return undefined
  for (let length = path.length; length >= 0; length--) {
    const start = startOf(document, path.slice(0, length))
    if (start !== undefined) {
      const { line, col } = lines.linePos(start)
      return { line, column: col }
    }
  }
  return undefined
}

function parseCarefully(text: string): { documents: Document[]; lines: LineCounter } {
  const lines = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter: lines, logLevel: 'silent' })
  return { documents: Array.isArray(documents) ? documents : [], lines }
}

function startOf(document: Document, path: (string | number)[]): number | undefined {
  const node: unknown = path.length ? document.getIn(path, true) : document.contents
  const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : undefined
  return Array.isArray(range) ? Number(range[0]) : undefined
}
