import { sql, type Kysely } from 'kysely'
import { SOURCE_COLUMNS } from '../ingest/sourceRows.ts'
import type { SourceRow } from '../ingest/readSource.ts'

/** A replica that stops without a word is waited for no longer than this; mostly its lost session tells sooner. */
const LEASE = sql`interval '20 seconds'`

/**
 * Takes a source for one reading. The lease ends with the session that wrote it or after some seconds, whichever is first, and
 * the source is due then. @returns undefined while somebody else reads it
 */
export async function claimSource(db: Kysely<any>, id: number, reading: string): Promise<SourceRow | undefined> {
  const { rows } = await sql<SourceRow>`update catalog.source set reading_by = ${reading}, reading_session = pg_backend_pid(),
      reading_until = now() + ${LEASE}, next_read_at = now() + ${LEASE}
    where id = ${id} and (reading_until is null or reading_until < now()
      or not exists (select from pg_stat_activity where pid = reading_session))
    returning ${SOURCE_COLUMNS}`.execute(db)
  return rows[0]
}

/** Says that the reading goes on. */
export async function renewClaim(db: Kysely<any>, id: number, reading: string): Promise<void> {
  await sql`update catalog.source set reading_session = pg_backend_pid(), reading_until = now() + ${LEASE}, next_read_at = now() + ${LEASE}
    where id = ${id} and reading_by = ${reading}`.execute(db)
}

/** Ends a reading, whatever came of it. */
export async function releaseClaim(db: Kysely<any>, id: number, reading: string): Promise<void> {
  await sql`update catalog.source set reading_by = null, reading_until = null, reading_session = null
    where id = ${id} and reading_by = ${reading}`.execute(db)
}
