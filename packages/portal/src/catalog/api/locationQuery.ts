import { z } from '@callboard/sdk'
import { parsePredicate, splitPattern, type QueryNode } from '@callboard/sdk/query'
import { portalErrors } from '../../errors.ts'

export type LocationReply = { id: string; type: string; target: string; entityRef: string }

type LocationPage = { items: LocationReply[]; totalItems: number; pageInfo: { nextCursor?: string } }

const DEFAULT_LIMIT = 1000

export const locationQueryBody = z.object({
  query: z.unknown().optional(),
  limit: z.number().int().min(1).optional(),
  cursor: z.string().min(1).optional(),
})

const cursorSchema = z.object({ query: z.unknown().optional(), after: z.string() })

/** One page of registered locations, which come in the order of their ids: they are few enough to be looked through. */
export function pageLocations(all: LocationReply[], body: z.output<typeof locationQueryBody>): LocationPage {
  const cursor = body.cursor === undefined ? undefined : decodeCursor(body.cursor)
  const query = cursor ? cursor.query : body.query
  const matches = compilePredicate(query)
  const found = all.filter(matches)
  const rest = cursor ? found.filter(each => each.id > cursor.after) : found
  const items = rest.slice(0, body.limit ?? DEFAULT_LIMIT)
  const last = items.at(-1)
  const next = last && items.length < rest.length ? encodeCursor({ query, after: last.id }) : undefined
  return { items, totalItems: found.length, pageInfo: next ? { nextCursor: next } : {} }
}

function compilePredicate(query: unknown): (location: LocationReply) => boolean {
  if (query === undefined) return () => true
  const node = parsePredicate(query)
  // As in Backstage, where an empty `$all` finds every entity but no location.
  if (JSON.stringify(query) === '{"$all":[]}') return () => false
  return location => isMatch(node, location)
}

function isMatch(node: QueryNode, location: LocationReply): boolean {
  if (node.type === 'all') return node.of.every(each => isMatch(each, location))
  if (node.type === 'any') return node.of.some(each => isMatch(each, location))
  if (node.type === 'not') return !isMatch(node.of, location)
  const value = node.type === 'field' ? valueOf(location, node.field) : undefined
  if (node.type !== 'field' || value === undefined) return false
  if (node.op === 'in') return node.values.includes(value)
  if (node.op === 'match') return node.patterns.some(pattern => value.startsWith(splitPattern(pattern)[0] ?? ''))
  return node.op === 'exists'
}

/** Fields of queries are in lower case, and so is what they are compared with. */
function valueOf(location: LocationReply, field: string): string | undefined {
  const entry = Object.entries(location).find(([key]) => key.toLowerCase() === field)
  return entry?.[1].toLowerCase()
}

function encodeCursor(cursor: z.output<typeof cursorSchema>): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

/** @throws PortalError CURSOR_INVALID */
function decodeCursor(text: string): z.output<typeof cursorSchema> {
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
  } catch (cause) {
    throw portalErrors.CURSOR_INVALID({ reason: 'could not be parsed' }, { cause })
  }
}
