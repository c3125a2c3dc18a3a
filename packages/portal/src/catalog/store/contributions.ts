import { sql, type Transaction } from 'kysely'
import type { Contribution } from '../ingest/planWrites.ts'

export async function endContributions(trx: Transaction<any>, ended: { sourceId: number; ref: string }[]): Promise<void> {
  if (ended.length === 0) return
  await sql`delete from catalog.contribution c
    using unnest(${ended.map(each => each.sourceId)}::bigint[], ${ended.map(each => each.ref)}::text[]) as e (source_id, ref)
    where c.source_id = e.source_id and c.ref = e.ref`.execute(trx)
}

export async function upsertContributions(trx: Transaction<any>, all: Contribution[]): Promise<void> {
  if (all.length === 0) return
  await sql`insert into catalog.contribution (source_id, ref, holds)
    select * from unnest(${all.map(each => each.sourceId)}::bigint[], ${all.map(each => each.ref)}::text[], ${all.map(each => each.holds)}::boolean[])
    on conflict (source_id, ref) do update set holds = excluded.holds`.execute(trx)
}

export async function releaseWaiting(trx: Transaction<any>, refs: string[]): Promise<number[]> {
  if (refs.length === 0) return []
  const { rows } = await sql<{ id: number }>`update catalog.source set hash = null, etag = null, last_modified = null
    where id in (select source_id from catalog.contribution where ref = any(${refs}::text[]) and not holds) returning id`.execute(
    trx,
  )
  return rows.map(row => row.id)
}
