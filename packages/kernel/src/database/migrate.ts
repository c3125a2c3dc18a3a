import { sql } from 'kysely'
import { readdir, readFile } from 'node:fs/promises'
import { kernelErrors } from '../errors.ts'
import type { Database } from './openDatabase.ts'
import { splitStatements } from './splitStatements.ts'

const MIGRATION_LOCK = 7_007_001

/** A schema and the folder with its `NNN-words.sql` files. */
export type Migrations = { schema: string; folder: URL }

/**
 * Brings each schema up to date, forward only. Replicas that start together wait for each other.
 * Within a file, unqualified names are those of its schema.
 *
 * @throws PortalError MIGRATION_FAILED with the file, DATABASE_NEWER when the database has been used by a newer release
 */
export async function migrate(database: Database, all: Migrations[]): Promise<void> {
  const files = await Promise.all(all.map(async item => ({ ...item, names: await listFiles(item.folder) })))
  if (await isCurrent(database, files)) return
  await database.db.transaction().execute(async trx => {
    await sql`select pg_advisory_xact_lock(${MIGRATION_LOCK}::bigint)`.execute(trx)
    await sql`create schema if not exists callboard`.execute(trx)
    await sql`create table if not exists callboard.migration (
      schema text not null, name text not null, at timestamptz not null default now(), primary key (schema, name))`.execute(trx)
    const done = await sql<{ schema: string; name: string }>`select schema, name from callboard.migration`.execute(trx)
    const known = new Set(done.rows.map(row => `${row.schema}/${row.name}`))
    for (const { schema, folder, names } of files) {
      const foreign = done.rows.find(row => row.schema === schema && !names.includes(row.name))
      if (foreign) throw kernelErrors.DATABASE_NEWER({ schema, name: foreign.name })
      await sql`create schema if not exists ${sql.id(schema)}`.execute(trx)
      for (const name of names.filter(each => !known.has(`${schema}/${each}`))) {
        await runFile(trx, schema, name, await readFile(new URL(name, folder), 'utf8'))
      }
    }
    await sql`set local search_path to default`.execute(trx)
  })
}

async function listFiles(folder: URL): Promise<string[]> {
  return (await readdir(folder)).filter(name => /^\d{3}-[\w-]+\.sql$/.test(name)).toSorted()
}

async function isCurrent(database: Database, files: { schema: string; names: string[] }[]): Promise<boolean> {
  try {
    const done = await sql<{ key: string }>`select schema || '/' || name as key from callboard.migration`.execute(database.db)
    const known = new Set(done.rows.map(row => row.key))
    const wanted = files.flatMap(({ schema, names }) => names.map(name => `${schema}/${name}`))
    return (
      wanted.every(key => known.delete(key)) && ![...known].some(key => files.some(file => key.startsWith(`${file.schema}/`)))
    )
  } catch {
    return false
  }
}

async function runFile(trx: Parameters<typeof runStatement>[0], schema: string, name: string, script: string): Promise<void> {
  await sql`set local search_path to ${sql.id(schema)}, public`.execute(trx)
  for (const statement of splitStatements(script)) {
    try {
      await runStatement(trx, statement)
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw kernelErrors.MIGRATION_FAILED({ schema, name, reason }, { cause })
    }
  }
  await sql`insert into callboard.migration (schema, name) values (${schema}, ${name})`.execute(trx)
}

async function runStatement(trx: import('kysely').Transaction<unknown>, statement: string): Promise<void> {
  await sql.raw(statement).execute(trx)
}
