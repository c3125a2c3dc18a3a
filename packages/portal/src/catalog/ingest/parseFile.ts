import { loadAll, YAMLException } from 'js-yaml'
import { LineCounter, parseAllDocuments, type Document } from 'yaml'
import { findExcess } from './findExcess.ts'

/** One document of a file: its value, or why it cannot be read. Empty documents are left out. */
export type ParsedDocument =
  | { index: number; status: 'read'; value: unknown }
  | { index: number; status: 'broken'; reason: string; line: number; column: number }

/** From 1. */
type Spot = { line: number; column: number }

/** Beyond so many characters `yaml` is not asked: on some texts it takes time by the square of their length. */
const MOST_CAREFUL = 200_000

/**
 * Reads all documents of a YAML or JSON file. One that cannot be read does not harm its neighbours.
 *
 * js-yaml reads whole files several times faster, so it goes first; a file that it refuses is read again with `yaml`,
 * which knows positions and goes on behind an error. A long one is cut where documents begin instead.
 */
export function parseFile(text: string): ParsedDocument[] {
  try {
    return loadAll(text).flatMap((value, index) =>
      value == null ? [] : [readValue(value, index, () => findPosition(text, index, []))],
    )
  } catch {
    return text.length > MOST_CAREFUL ? parsePieces(text) : parseDocuments(text)
  }
}

function parseDocuments(text: string): ParsedDocument[] {
  const { documents, lines } = parseCarefully(text)
  return documents.flatMap((document, index): ParsedDocument[] => {
    const findSpot = () => {
      const { line, col } = lines.linePos(startOf(document, []) ?? 0)
      return { line, column: col }
    }
    const [error] = document.errors
    if (error) {
      const spot = error.linePos?.[0] ?? { line: 1, col: 1 }
      return [{ index, status: 'broken', reason: sentenceOf(error.message), line: spot.line, column: spot.col }]
    }
    try {
      const value: unknown = document.toJS()
      return value == null ? [] : [readValue(value, index, findSpot)]
    } catch (cause) {
      // why: aliases are followed only here: to nowhere, or more often than `yaml` allows.
      return [broken(index, cause instanceof Error ? sentenceOf(cause.message) : String(cause), findSpot())]
    }
  })
}

/** The documents of a long file, each read by itself; where one is wrong is told by its first line. */
function parsePieces(text: string): ParsedDocument[] {
  return cutDocuments(text).flatMap((piece, index): ParsedDocument[] => {
    try {
      const value: unknown = loadAll(piece.text)[0]
      return value == null ? [] : [readValue(value, index, () => ({ line: piece.line, column: 1 }))]
    } catch (cause) {
      const reason = cause instanceof YAMLException ? cause.reason : String(cause)
      const mark = cause instanceof YAMLException ? cause.mark : undefined
      return [broken(index, reason, { line: piece.line + (mark?.line ?? 0), column: (mark?.column ?? 0) + 1 })]
    }
  })
}

/** Cuts a text before each line that begins a document; what stands before the first may be one, too. */
function cutDocuments(text: string): { text: string; line: number }[] {
  const pieces: { text: string; line: number }[] = []
  let line = 1
  for (const piece of text.split(/^(?=---(?:\s|$))/m)) {
    const isDocument = pieces.length > 0 || piece.startsWith('---') || /^[^%#\s]/m.test(piece)
    if (isDocument) pieces.push({ text: piece, line })
    line += piece.split('\n').length - 1
  }
  return pieces
}

function readValue(value: unknown, index: number, findSpot: () => Spot | undefined): ParsedDocument {
  const excess = findExcess(value)
  return excess === undefined ? { index, status: 'read', value } : broken(index, excess, findSpot())
}

function broken(index: number, reason: string, { line, column }: Spot = { line: 1, column: 1 }): ParsedDocument {
  return { index, status: 'broken', reason, line, column }
}

/** The first line of the parser's message; the place is told beside it. */
function sentenceOf(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '')
}

/** The position, from 1, of the value at a path of a document; of the nearest parent where the path ends early. */
export function findPosition(text: string, index: number, path: (string | number)[]): Spot | undefined {
  const isLong = text.length > MOST_CAREFUL
  const piece = isLong ? cutDocuments(text)[index] : { text, line: 1 }
  if (!piece) return undefined
  if (piece.text.length > MOST_CAREFUL) return { line: piece.line, column: 1 }
  const { documents, lines } = parseCarefully(piece.text)
  const document = documents[isLong ? 0 : index]
  if (!document) return undefined
  for (let length = path.length; length >= 0; length--) {
    const start = startOf(document, path.slice(0, length))
    if (start !== undefined) {
      const { line, col } = lines.linePos(start)
      return { line: piece.line + line - 1, column: col }
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
