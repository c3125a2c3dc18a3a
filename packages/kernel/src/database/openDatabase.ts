import type { Kysely } from 'kysely'

// why: the kernel knows no tables; each feature names its own with `db.withTables` or plain SQL.
export type AnyTables = any

export type Database = {
  kind: 'pglite' | 'postgres'
  /** Sees every schema by qualified name. */
  db: Kysely<AnyTables>
  /** Runs a script of several statements, outside of any transaction. */
  exec(script: string): Promise<void>
  /** Whether the database answers now. */
  ping(): Promise<boolean>
  /**
   * Calls `hear` for every notice on a channel (`pg_notify`), of whatever replica, and whenever notices may have been missed:
   * at first, and after the connection was lost. @returns how to stop
   */
  listen(channel: string, hear: () => void): Promise<() => Promise<void>>
  /** How pg-boss reaches the same database. */
  forJobs(): Promise<import('pg-boss').ConstructorOptions>
  /** A copy of the whole embedded database, to restore from. Only PGlite has it. */
  dump?(): Promise<Blob>
  close(): Promise<void>
}

export type DatabaseTarget =
  | { client: 'pglite'; directory: string | undefined; restore?: Blob }
  | { client: 'postgres'; connection: import('pg').PoolConfig }

/**
 * Opens the embedded database (a folder, or memory without one) or connects to PostgreSQL.
 *
 * @throws PortalError DATABASE_LOCKED, DATABASE_FOLDER, DATABASE_UNREACHABLE, DATABASE_TOO_OLD
 */
export async function openDatabase(target: DatabaseTarget, log: import('../log.ts').Logger): Promise<Database> {
  if (target.client === 'pglite') return (await import('./pglite.ts')).openPglite(target.directory, target.restore)
  return (await import('./postgres.ts')).openPostgres(target.connection, log)
}
