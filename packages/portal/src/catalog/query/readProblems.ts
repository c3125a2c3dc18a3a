import { ANNOTATION } from '@callboard/sdk'
import { sql } from 'kysely'
import type { Problem } from '../contract.ts'
import { termOf } from '../ingest/searchRows.ts'
import type { Scope } from './scope.ts'

/**
 * What is wrong now, newest first. Where not everything is visible, only problems of visible entities are told:
 * those of files name things that may be hidden.
 */
export async function readProblems(scope: Scope, ref: string | undefined): Promise<Problem[]> {
  const seen = scope.visible
    ? sql` and exists (select 1 from catalog.entity_version e where e.ref = p.ref and e.valid_to is null and ${scope.visible('e')})`
    : sql``
  const only = ref === undefined ? sql`` : sql` and p.ref = ${ref.toLowerCase()}`
  const { rows } = await sql<Problem & { at: Date | string }>`
    select p.code, p.level, p.message, p.hint, p.ref, p.location, p.line, p.col as column, p.at from (
      select code, level, message, hint, ref, location, line, col, at from catalog.problem
      union all
      select 'CATALOG_ORPHAN', 'warning', 'Nothing declares ' || o.ref || ' any more.',
        'Delete it, or register its file again.', o.ref, coalesce(o.location, ''), null, null, o.valid_from
      from catalog.entity_version o
      where o.valid_to is null and o.terms && ${`{${termOf(`metadata.annotations.${ANNOTATION.orphan}`, 'true')}}`}::bigint[]
    ) p where true${only}${seen} order by p.at desc, p.location, p.line limit 1000`.execute(scope.db)
  return rows.map(row => ({ ...row, at: new Date(row.at).toISOString() }))
}
