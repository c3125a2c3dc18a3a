import { sql, type Kysely, type Transaction } from 'kysely'

const INGEST_LOCK = 7_007_002

/** Writes of the catalog follow each other, in all replicas. */
export async function inTransaction<T>(db: Kysely<any>, run: (trx: Transaction<any>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async trx => {
    await sql`select pg_advisory_xact_lock(${INGEST_LOCK}::bigint)`.execute(trx)
    // why: how long the lists are decides how they are joined; a plan that fits any length takes twice as long for hundreds.
    await sql`set local plan_cache_mode = force_custom_plan`.execute(trx)
    return run(trx)
  })
}
