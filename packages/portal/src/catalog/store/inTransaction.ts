import { sql, type Kysely, type Transaction } from 'kysely'

const INGEST_LOCK = 7_007_002

/**
 * The time of all rows of one transaction, in whole milliseconds and later than that of every transaction before it: at any
 * time there is one state of the catalog. The clock alone, or `now()`, could go back between two replicas.
 */
export const writtenAt = sql`current_setting('callboard.written_at')::timestamptz`

/** What every replica listens to: something was written. */
export const CHANGES_CHANNEL = 'callboard_catalog'

const commits = new WeakMap<Kysely<any>, number>()

/** How many writes of the catalog this process has finished: all that there are, where no other process has the database. */
export function countCommits(db: Kysely<any>): number {
  return commits.get(db) ?? 0
}

/** Writes of the catalog follow each other, in all replicas. */
export async function inTransaction<T>(db: Kysely<any>, run: (trx: Transaction<any>) => Promise<T>): Promise<T> {
  const result = await db.transaction().execute(async trx => {
    await sql`select pg_advisory_xact_lock(${INGEST_LOCK}::bigint)`.execute(trx)
    // why: how long the lists are decides how they are joined; a plan that fits any length takes twice as long for hundreds.
    await sql`select set_config('plan_cache_mode', 'force_custom_plan', true),
      set_config('callboard.written_at', greatest(date_trunc('milliseconds', clock_timestamp()),
        (select date_trunc('milliseconds', valid_from) + interval '1 millisecond' from catalog.entity_version order by id desc limit 1)
      )::text, true)`.execute(trx)
    // Told when it is committed, and not at all if it is not.
    await sql`select pg_notify(${CHANGES_CHANNEL}, '')`.execute(trx)
    return run(trx)
  })
  commits.set(db, countCommits(db) + 1)
  return result
}
