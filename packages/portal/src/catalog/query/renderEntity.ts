import type { EntityRelation, EntityStatusItem } from '@callboard/sdk'
import { forwardOf, inverseOf } from '../kinds/relations.ts'

/** An entity as it is read: its body without relations, its edges, and the problems of its document. */
export type EntityItem = {
  ref: string
  /** UTF-8 of its JSON without relations and status. */
  body: Buffer
  /** JSON of its relations, sorted by type and target. */
  relations: string
  /** JSON of its problems. */
  problems: string | null
}

/** The JSON of an entity: the stored text, with relations and status joined at its end. */
export function renderEntity(item: EntityItem): string {
  return `${item.body.toString('utf8', 0, item.body.length - 1)}${endOf(item)}`
}

function endOf({ relations, problems }: EntityItem): string {
  const status = problems ? `,"status":${JSON.stringify({ items: statusItems(problems) })}` : ''
  return `,"relations":${relations}${status}}`
}

/** The same in pieces, for an answer of many entities: what is stored as bytes is not made a text in between. */
export function renderPieces(item: EntityItem): Piece[] {
  return [item.body.subarray(0, -1), endOf(item)]
}

export type Piece = string | Buffer

/** The bytes of all pieces, one behind the other. */
export function joinPieces(pieces: Piece[]): Buffer {
  let length = 0
  for (const piece of pieces) length += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length
  const bytes = Buffer.allocUnsafe(length)
  let end = 0
  for (const piece of pieces) end += typeof piece === 'string' ? bytes.write(piece, end) : piece.copy(bytes, end)
  return bytes
}

/** Lines of `type TAB ref`: the edges stored under an entity, and those stored under the other end. */
export type EdgeLines = { forward: string | null; backward: string | null }

/** Both ends of the stored edges, each relation once, sorted by type and target. */
export function relationsOf({ forward, backward }: EdgeLines): EntityRelation[] {
  const relations = new Map<string, EntityRelation>()
  const add = (lines: string | null, nameOf: (type: string) => string) => {
    if (!lines) return
    for (const line of lines.split('\n')) {
      const tab = line.indexOf('\t')
      const type = nameOf(line.slice(0, tab))
      const targetRef = line.slice(tab + 1)
      relations.set(`${type}\t${targetRef}`, { type, targetRef })
    }
  }
  add(forward, forwardOf)
  add(backward, inverseOf)
  return [...relations.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, relation]) => relation)
}

function statusItems(problems: string): EntityStatusItem[] {
  // why: the text was made by the statement that reads problems.
  const rows = JSON.parse(problems) as { code: string; level: 'error' | 'warning'; message: string }[]
  return rows.map(({ code, level, message }) => ({
    type: 'backstage.io/catalog-processing',
    level,
    message: `InputError: ${message}`,
    error: { name: 'InputError', message, code },
  }))
}
