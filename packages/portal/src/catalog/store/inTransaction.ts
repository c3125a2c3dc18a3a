import { sql, type Kysely, type Transaction } from 'kysely'

const INGEST_LOCK = 7_007_002

/** Writes of the catalog follow each other, in all replicas. */
export async function inTransaction<T>(db: Kysely<any>, run: (trx: Transaction<any>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async trx => {
    await sql`select pg_advisory_xact_lock(${INGEST_LOCK}::bigint)`.execute(trx)
    return run(trx)
  })
}
