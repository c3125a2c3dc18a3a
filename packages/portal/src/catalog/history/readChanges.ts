import type { QueryNode } from '@callboard/sdk/query'
import { sql, type RawBuilder } from 'kysely'
import type { CatalogChange } from '../contract.ts'
import { isCurrent, timeOfRow, type At } from '../query/isCurrent.ts'
import { seeHistory } from '../query/pastVisibility.ts'
import { toIso } from '../query/readHistory.ts'
import type { Scope } from '../query/scope.ts'

export type ChangesRequest = {
  /** The revision behind which the page begins. */
  after: number
  limit: number
  where?: QueryNode | undefined
}

export type ChangesPage = {
  items: CatalogChange[]
  /** Where the next page begins; every change up to here was considered. */
  next: number
  /** Whether there is more already. */
  more: boolean
}

/**
 * A page of the changes of the catalog, oldest first. Revisions are given out under the lock of all writes, so they become
 * visible in their order: nothing ever turns up behind a reader's back.
 * EXPLAIN (after 9 000 of 10 000, limit 100): Limit -> Index Scan using entity_version_pkey.
 */
export async function readChanges(scope: Scope, { after, limit, where }: ChangesRequest): Promise<ChangesPage> {
  const { rows } = await sql<CatalogChange & { at: Date | string; newest: string | null }>`
    select n.newest, c.* from (select max(id) as newest from catalog.entity_version) n left join (
      select h.id as revision, h.valid_from as at, h.ref, h.kind_text as kind, h.cause as change, h.version, h.etag, h.actor, h.reason,
        h.location
      from catalog.entity_version h where h.id > ${after}::bigint and ${seeHistory(scope.policy, 'h')}${matches(scope, where)}
      order by h.id limit ${limit + 1}) c on true order by c.revision`.execute(scope.db)
  const found = rows.flatMap(({ newest: _newest, ...row }) =>
    row.revision === null ? [] : [{ ...row, revision: Number(row.revision), at: toIso(row.at) }],
  )
  const items = found.slice(0, limit)
  const more = found.length > limit
  const last = items.at(-1)?.revision ?? after
  return { items, next: more ? last : Math.max(after, last, Number(rows[0]?.newest ?? 0)), more }
}

/** The number of the newest change. */
export async function findNewestRevision(scope: Scope): Promise<number> {
  const { rows } = await sql<{
    newest: string | null
  }>`select max(id) as newest from catalog.entity_version`.execute(scope.db)
  return Number(rows[0]?.newest ?? 0)
}

/** A change is one of a query if the query finds the entity after it or found it before: so nobody misses what leaves. */
function matches(scope: Scope, where: QueryNode | undefined): RawBuilder<unknown> {
  if (!where) return sql``
  const { policy } = scope
  const found = (at: NonNullable<At>) => sql`exists (select 1 from catalog.entity_version s where s.ref = h.ref
    and ${isCurrent('s', at)} and ${scope.compileAt(where, 's', at)}${policy ? sql` and ${policy(at)('s')}` : sql``})`
  return sql` and (${found(timeOfRow(sql`h.valid_from`))}
    or ${found(timeOfRow(sql`(h.valid_from - interval '1 microsecond')`))})`
}
