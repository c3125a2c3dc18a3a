import { allOf, escapePattern, type QueryNode } from '@callboard/sdk/query'
import { sql } from 'kysely'
import { decodeCursor, encodeCursor, type Cursor } from './cursor.ts'
import { countAll, findByRefs, findItems, type ItemAsk } from './findItems.ts'
import { isBare, projectFields } from './projectFields.ts'
import { joinPieces, renderEntity, renderPieces, type Piece } from './renderEntity.ts'
import { parseConditions, type Conditions, type Scope } from './scope.ts'
import { selectItems, type Item, type SortKey } from './selectItems.ts'

export type PageRequest = {
  filter?: string[] | undefined
  q?: string | undefined
  /** A predicate, as it came. */
  query?: unknown
  /** The time that is asked about. */
  at?: string | undefined
  fields?: string[] | undefined
  sort: SortKey[]
  limit: number
  offset?: number | undefined
  term?: string | undefined
  termFields?: string[] | undefined
  /** What becomes of entities without the first sort field. */
  missing?: 'exclude' | 'last' | undefined
  withTotal: boolean
  cursor?: string | undefined
}

/** One page of a query, as the text of the answer of `by-query`. */
export async function readPage(scope: Scope, request: PageRequest): Promise<Buffer> {
  const cursor = request.cursor === undefined ? undefined : decodeCursor(request.cursor)
  const asked = cursor
    ? { filter: cursor.filter, q: cursor.q, query: cursor.query, at: cursor.at, term: cursor.term, termFields: cursor.termFields }
    : request
  const conditions = parseConditions(asked)
  const then = scope.asOf(conditions.at)
  const sort = cursor?.sort ?? (request.sort.length > 0 ? request.sort : conditions.sort)
  // As in Backstage, `orderField` leaves out what lacks the field unless told otherwise; `sort:` in a query shows it last.
  const missing = cursor?.missing ?? request.missing ?? (request.sort.length > 0 ? 'exclude' : 'last')
  const query: ItemAsk = {
    where: allOf([conditions.where, ...termCondition(asked.term, asked.termFields, sort)]),
    sort,
    missing,
    bare: isBare(request.fields),
  }
  const withTotal = request.withTotal && cursor?.totalItems === undefined
  if (request.limit === 0) {
    const total = request.withTotal ? (cursor?.totalItems ?? (await countAll(then, query))) : 0
    return Buffer.from(`{"items":[],"totalItems":${total},"pageInfo":{}}`)
  }
  const backwards = cursor?.isPrevious ?? false
  const offset = cursor ? undefined : request.offset
  const found = await findItems(then, {
    ...query,
    after: cursor?.after,
    backwards,
    limit: request.limit + 1,
    offset,
    withTotal,
  })
  const more = found.length > request.limit
  const items = backwards ? found.slice(0, request.limit).toReversed() : found.slice(0, request.limit)
  const total = !request.withTotal ? 0 : (cursor?.totalItems ?? found[0]?.total ?? (offset ? await countAll(then, query) : 0))
  const base: Omit<Cursor, 'after' | 'isPrevious'> = {
    ...definedOnly(asked),
    sort,
    missing,
    ...(request.withTotal ? { totalItems: total } : {}),
  }
  const info = pageInfo(items, base, backwards ? { next: true, previous: more } : { next: more, previous: Boolean(cursor) })
  const end = `],"totalItems":${total},"pageInfo":${JSON.stringify(info)}}`
  return joinPieces(['{"items":[', ...items.flatMap((item, index) => inList(fieldPieces(item, request.fields), index)), end])
}

function definedOnly(asked: Pick<PageRequest, 'filter' | 'q' | 'query' | 'at' | 'term' | 'termFields'>) {
  const { filter, q, query, at, term, termFields } = asked
  return {
    ...(filter?.length ? { filter } : {}),
    ...(q ? { q } : {}),
    ...(query === undefined ? {} : { query }),
    ...(at === undefined ? {} : { at }),
    ...(term ? { term } : {}),
    ...(term && termFields?.length ? { termFields } : {}),
  }
}

function pageInfo(items: Item[], base: Omit<Cursor, 'after' | 'isPrevious'>, has: { next: boolean; previous: boolean }) {
  const [first, last] = [items[0], items.at(-1)]
  const at = (item: Item, isPrevious: boolean) => encodeCursor({ ...base, after: [...item.keys, item.ref], isPrevious })
  return {
    ...(has.next && last ? { nextCursor: at(last, false) } : {}),
    ...(has.previous && first ? { prevCursor: at(first, true) } : {}),
  }
}

/** A part of a text in any of the fields; by default in the one that the page is sorted by. */
function termCondition(term: string | undefined, fields: string[] | undefined, sort: SortKey[]): QueryNode[] {
  const text = term?.trim().toLowerCase()
  if (!text) return []
  const names = fields?.length ? fields : [sort[0]?.field ?? 'metadata.uid']
  const patterns = [`*${escapePattern(text)}*`]
  return [{ type: 'any', of: names.map(name => ({ type: 'field', field: name.toLowerCase(), op: 'match', patterns })) }]
}

/** The JSON of an entity, or of the wanted part of it. */
function renderFields(item: Item, fields: string[] | undefined): string {
  if (!fields) return renderEntity(item)
  const text = isBare(fields) ? item.body.toString() : renderEntity(item)
  return JSON.stringify(projectFields(JSON.parse(text) as Record<string, unknown>, fields))
}

function fieldPieces(item: Item, fields: string[] | undefined): Piece[] {
  return fields ? [renderFields(item, fields)] : renderPieces(item)
}

function inList(pieces: Piece[], index: number): Piece[] {
  return index === 0 ? pieces : [',', ...pieces]
}

/** The entity with this ref, as the text of an answer. */
export async function findEntityText(scope: Scope, ref: string): Promise<string | undefined> {
  const [item] = await findByRefs(scope, [ref.toLowerCase()], { type: 'all', of: [] }, false)
  return item && renderEntity(item)
}

export async function findEntityTextByUid(scope: Scope, uid: string): Promise<string | undefined> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uid)) return undefined
  const [item] = await selectItems(scope.db, {
    where: sql`e.uid = ${uid}::uuid`,
    visible: scope.visible,
    at: scope.at,
    sort: [],
    missing: 'last',
  })
  return item && renderEntity(item)
}

/** Entities by ref, in the order asked for; null for what is not there or not visible. */
export async function readByRefs(scope: Scope, refs: string[], asked: Conditions, fields: string[] | undefined): Promise<Buffer> {
  const conditions = parseConditions(asked)
  const then = scope.asOf(conditions.at)
  const found = await findByRefs(then, refs, conditions.where, isBare(fields))
  const byRef = new Map(found.map(item => [item.ref, fieldPieces(item, fields)]))
  return joinPieces(['{"items":[', ...refs.flatMap((ref, index) => inList(byRef.get(ref) ?? ['null'], index)), ']}'])
}

export type ListRequest = {
  filter?: string[] | undefined
  q?: string | undefined
  /** The time that is asked about. */
  at?: string | undefined
  fields?: string[] | undefined
  sort: SortKey[]
  limit?: number | undefined
  offset?: number | undefined
}

/** A page of `/entities` by position, and whether there is more. */
export async function readList(
  scope: Scope,
  request: ListRequest & { limit: number },
): Promise<{ items: string[]; more: boolean }> {
  const { asked: then, query } = listQuery(scope, request)
  const found = await findItems(then, { ...query, limit: request.limit + 1, offset: request.offset })
  const items = found.slice(0, request.limit).map(item => renderFields(item, request.fields))
  return { items, more: found.length > request.limit }
}

const CHUNK = 500

/** All of a list as a stream of pieces of one JSON array; never more than a chunk in memory. */
export async function* streamList(scope: Scope, request: ListRequest): AsyncGenerator<string> {
  const { asked: then, query } = listQuery(scope, request)
  let after: (string | null)[] | undefined
  for (let first = true; ; first = false) {
    const found: Item[] = await findItems(then, { ...query, after, limit: CHUNK })
    const text = found.map(item => renderFields(item, request.fields)).join(',')
    yield `${first ? '[' : text && ','}${text}`
    const last = found.at(-1)
    if (found.length < CHUNK || !last) break
    after = [...last.keys, last.ref]
  }
  yield ']'
}

function listQuery(scope: Scope, request: ListRequest): { asked: Scope; query: ItemAsk } {
  const conditions = parseConditions(request)
  const query: ItemAsk = {
    where: conditions.where,
    sort: request.sort.length > 0 ? request.sort : conditions.sort,
    missing: 'last',
    bare: isBare(request.fields),
  }
  return { asked: scope.asOf(conditions.at), query }
}
