import type { PortalError } from '@callboard/sdk'
import { sql, type Transaction } from 'kysely'
import type { NewProblem } from '../ingest/planWrites.ts'

/** The problems of a source are always those of its last reading; those of a location's targets are found when targets are looked up. */
export async function replaceProblems(trx: Transaction<any>, sourceIds: number[], problems: NewProblem[]): Promise<void> {
  if (sourceIds.length > 0) {
    await sql`delete from catalog.problem where source_id = any(${sourceIds}::bigint[]) and code <> all(${TARGET_PROBLEMS}::text[])`.execute(
      trx,
    )
  }
  await insertProblems(trx, problems)
}

/** Codes of what can be wrong with the targets of a Location entity. */
export const TARGET_PROBLEMS = ['CATALOG_LOCATION_TYPE', 'CATALOG_LOCATION_TARGET', 'CATALOG_NO_MATCH']

export async function insertProblems(trx: Transaction<any>, problems: NewProblem[]): Promise<void> {
  if (problems.length === 0) return
  const column = <T>(read: (problem: NewProblem) => T) => problems.map(read)
  await sql`insert into catalog.problem (source_id, ref, code, level, message, hint, location, line, col, at)
    select s, r, c, l, m, h, o, n, k, now() from unnest(${column(each => each.sourceId)}::bigint[], ${column(each => each.ref)}::text[],
      ${column(each => each.error.code)}::text[], ${column(each => levelOf(each.error))}::text[],
      ${column(each => each.error.message)}::text[], ${column(each => each.error.hint)}::text[],
      ${column(each => each.location)}::text[], ${column(each => each.line)}::int[], ${column(each => each.column)}::int[])
      as p (s, r, c, l, m, h, o, n, k)`.execute(trx)
}

function levelOf(error: PortalError): 'warning' | 'error' {
  return error.status === 409 ? 'warning' : 'error'
}
