import { sql } from 'kysely'
import { isCurrent } from './isCurrent.ts'
import type { Scope } from './scope.ts'

/** So many entities tell which paths there are: which ones exist shows early, and typing must not wait. */
const SAMPLE = 5_000

/** Paths that begin so and have values in what the actor may see, the most frequent first. */
export async function selectPaths(scope: Scope, prefix: string, limit: number): Promise<string[]> {
  const { db, visible, at } = scope
  const like = `${prefix.replace(/[\\%_]/g, '\\$&')}%`
  const { rows } = await sql<{ path: string }>`
    with e as materialized (select e.id from catalog.entity_version e
      where ${isCurrent('e', at)}${visible ? sql` and ${visible('e')}` : sql``} limit ${SAMPLE})
    select k.path from e join catalog.entity_body w on w.version_id = e.id, jsonb_object_keys(w.fields) as k (path)
    where k.path like ${like} group by k.path order by count(*) desc, k.path limit ${limit}`.execute(db)
  return rows.map(row => row.path)
}
