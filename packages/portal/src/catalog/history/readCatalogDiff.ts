import type { Entity } from '@callboard/sdk'
import type { QueryNode } from '@callboard/sdk/query'
import { sql } from 'kysely'
import { isCurrent } from '../query/isCurrent.ts'
import { renderEntity } from '../query/renderEntity.ts'
import type { Scope } from '../query/scope.ts'
import { selectItems } from '../query/selectItems.ts'
import { diffEntities, type EntityChange } from './diffEntities.ts'

export type CatalogDiffRequest = {
  from: string
  to: string
  where: QueryNode
  limit: number
  /** Ref behind which the page begins. */
  after?: string | undefined
}

export type CatalogDiff = {
  from: string
  to: string
  added: { ref: string; version: number }[]
  removed: { ref: string; version: number }[]
  changed: { ref: string; versions: { from: number; to: number }; changes: EntityChange[] }[]
  /** Of all pages. */
  total: { added: number; removed: number; changed: number }
  /** Cursor of the next page. */
  next?: string
}

type Row = { ref: string; from: number | null; to: number | null; added: number; removed: number; changed: number }

/**
 * What differs between the catalog at two times, among the entities that the query finds at either of them. An entity has
 * changed when it has another version; an edge that comes from elsewhere makes none.
 */
export async function readCatalogDiff(scope: Scope, request: CatalogDiffRequest): Promise<CatalogDiff> {
  const [old, young] = [scope.asOf(request.from), scope.asOf(request.to)]
  const states = (then: Scope) => sql`select e.ref, e.version, coalesce(${then.compile(request.where)}, false) as found
    from catalog.entity_version e where ${isCurrent('e', then.at)}${then.visible ? sql` and ${then.visible('e')}` : sql``}`
  // EXPLAIN (10 000 entities, 30 000 versions): Hash Full Join over two scans of entity_version.
  const { rows } = await sql<Row>`
    with d as materialized (
      select coalesce(a.ref, b.ref) as ref, a.version as "from", b.version as "to"
      from (${states(old)}) a full join (${states(young)}) b on a.ref = b.ref
      where a.version is distinct from b.version and (a.found or b.found)),
    t as (select count(*) filter (where "from" is null)::int as added, count(*) filter (where "to" is null)::int as removed,
      count(*) filter (where "from" is not null and "to" is not null)::int as changed from d)
    select p.*, t.* from t left join lateral (
      select * from d ${request.after === undefined ? sql`` : sql`where d.ref > ${request.after}`}
      order by ref limit ${request.limit + 1}) p on true order by p.ref`.execute(scope.db)
  const { added = 0, removed = 0, changed = 0 } = rows[0] ?? {}
  const found = rows.filter(row => row.ref !== null)
  const page = found.slice(0, request.limit)
  const both = page.flatMap(({ ref, from, to }) => (from === null || to === null ? [] : [{ ref, versions: { from, to } }]))
  const refs = both.map(each => each.ref)
  const [before, after] = [await selectStates(old, refs), await selectStates(young, refs)]
  const last = page.at(-1)
  return {
    from: request.from,
    to: request.to,
    added: page.flatMap(({ ref, from, to }) => (from === null && to !== null ? [{ ref, version: to }] : [])),
    removed: page.flatMap(({ ref, from, to }) => (to === null && from !== null ? [{ ref, version: from }] : [])),
    changed: both.map(each => ({ ...each, changes: diffEntities(before.get(each.ref), after.get(each.ref)) })),
    total: { added, removed, changed },
    ...(found.length > request.limit && last ? { next: last.ref } : {}),
  }
}

async function selectStates(scope: Scope, refs: string[]): Promise<Map<string, Entity>> {
  if (refs.length === 0) return new Map()
  const { db, visible, at } = scope
  const items = await selectItems(db, { where: sql`e.ref = any(${refs}::text[])`, visible, at, sort: [], missing: 'last' })
  // why: the text was made from an entity.
  return new Map(items.map(item => [item.ref, JSON.parse(renderEntity(item)) as Entity]))
}
