import { sql, type Transaction } from 'kysely'
import type { Edge } from '../ingest/checkKind.ts'
import { keyOf, type WritePlan } from '../ingest/planWrites.ts'
import { writtenAt } from './inTransaction.ts'

/** Ids of the current edges that the documents of these entities make. */
export function emittedBy(refs: string[]) {
  return sql`
    select id from catalog.relation where valid_to is null and source_ref = any(${refs}::text[]) and not emitted_by_target
    union all
    select id from catalog.relation where valid_to is null and target_ref = any(${refs}::text[]) and emitted_by_target`
}

export async function replaceEdges(trx: Transaction<any>, plan: WritePlan): Promise<void> {
  if (plan.changedRefs.length === 0) return
  const known = plan.rows.some(row => row.cause === 'changed') ? await selectEdges(trx, plan.changedRefs) : []
  const wanted = new Map(plan.edges.map(edge => [keyOf(edge), edge]))
  const ended = known.filter(edge => !wanted.delete(keyOf(edge))).map(edge => edge.id)
  if (ended.length > 0)
    await sql`update catalog.relation set valid_to = ${writtenAt} where id = any(${ended}::bigint[])`.execute(trx)
  const edges = [...wanted.values()]
  if (edges.length === 0) return
  await sql`insert into catalog.relation (source_ref, type, target_ref, emitted_by_target, valid_from)
    select s, y, t, f, ${writtenAt} from unnest(${edges.map(each => each.sourceRef)}::text[], ${edges.map(each => each.type)}::text[],
      ${edges.map(each => each.targetRef)}::text[], ${edges.map(each => each.fromTarget)}::boolean[]) as e (s, y, t, f)`.execute(
    trx,
  )
}

async function selectEdges(trx: Transaction<any>, refs: string[]): Promise<(Edge & { id: number })[]> {
  const { rows } = await sql<Edge & { id: number }>`select id, source_ref as "sourceRef", type, target_ref as "targetRef",
    emitted_by_target as "fromTarget" from catalog.relation where id = any(array(${emittedBy(refs)}))`.execute(trx)
  return rows
}
