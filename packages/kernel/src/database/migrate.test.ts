import { sql } from 'kysely'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { createLog } from '../log.ts'
import { migrate, type Migrations } from './migrate.ts'
import { openDatabase, type Database } from './openDatabase.ts'

let lite: Database

beforeAll(async () => {
  lite = await open({ client: 'pglite', directory: undefined })
})

afterAll(() => lite.close())

async function open(target: Parameters<typeof openDatabase>[0]): Promise<Database> {
  return openDatabase(target, await createLog({ write: () => undefined }))
}

let schemas = 0

/** A schema that no other test has, and its folder. */
async function schemaWith(
  files: Record<string, string>,
): Promise<Migrations & { write(files: Record<string, string>): Promise<void>; remove(name: string): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'migrations-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  const write = async (more: Record<string, string>) => {
    for (const [name, text] of Object.entries(more)) await writeFile(join(path, name), text)
  }
  await write(files)
  return { schema: `s${schemas++}`, folder: pathToFileURL(`${path}/`), write, remove: name => rm(join(path, name)) }
}

async function rowsOf(database: Database, schema: string): Promise<unknown[]> {
  return (await sql`select * from ${sql.table(`${schema}.item`)} order by 1`.execute(database.db)).rows
}

test('files run once, in the order of their numbers, in a schema of their own', async () => {
  const one = await schemaWith({
    '002-more.sql': "insert into item values ('two');\n",
    '001-item.sql': "create table item (name text);\ninsert into item values ('a;\nb');\n",
    'notes.txt': 'x',
    '3-x.sql': 'nonsense',
  })
  await migrate(lite, [one])
  expect(await rowsOf(lite, one.schema)).toEqual([{ name: 'a;\nb' }, { name: 'two' }])
  await one.write({ '003-third.sql': "-- only this is new\ninsert into item values ('three')" })
  await migrate(lite, [one])
  await migrate(lite, [one])
  expect(await rowsOf(lite, one.schema)).toEqual([{ name: 'a;\nb' }, { name: 'three' }, { name: 'two' }])
})

test('a file that fails changes nothing and is named', async () => {
  const one = await schemaWith({
    '001-item.sql': 'create table item (name text);',
    '002-wrong.sql': "insert into item values ('x');\ninsert into nothing values (1);",
  })
  await expect(migrate(lite, [one])).rejects.toMatchObject({
    code: 'MIGRATION_FAILED',
    message: `The migration ${one.schema}/002-wrong.sql failed: relation "nothing" does not exist`,
  })
  await expect(rowsOf(lite, one.schema)).rejects.toThrow('does not exist')
  await one.write({ '002-wrong.sql': "insert into item values ('y');" })
  await migrate(lite, [one])
  expect(await rowsOf(lite, one.schema)).toEqual([{ name: 'y' }])
})

test('a database that a newer release has used is refused, and no way leads back', async () => {
  const one = await schemaWith({
    '001-item.sql': 'create table item (name text);',
    '002-newer.sql': 'alter table item add column more text;',
  })
  await migrate(lite, [one])
  await one.remove('002-newer.sql')
  await expect(migrate(lite, [one])).rejects.toMatchObject({
    code: 'DATABASE_NEWER',
    message: `The database has the migration ${one.schema}/002-newer.sql, which this release does not know.`,
  })
})

test('a function body keeps its semicolons', async () => {
  const body =
    'create function three() returns int language plpgsql as $$\nbegin\n  perform 1;\n  return 3;\nend;\n$$;\ncreate table item (name text);\ninsert into item values (three()::text);\n'
  const one = await schemaWith({ '001-function.sql': body })
  await migrate(lite, [one])
  expect(await rowsOf(lite, one.schema)).toEqual([{ name: '3' }])
})

test('of replicas that start at once one migrates and the others wait for it', async context => {
  const url = inject('postgresUrl')
  if (!url) return context.skip('there is no PostgreSQL on this machine')
  const one = await schemaWith({
    '001-item.sql': 'create table item (name text);\nselect pg_sleep(0.3);',
    '002-row.sql': "insert into item values ('once');",
  })
  const name = `migrate_${process.pid}`
  const admin = await open({ client: 'postgres', connection: { connectionString: url } })
  await admin.exec(`create database ${name}`)
  const connectionString = url.replace(/\/[^/]*$/, `/${name}`)
  const replicas = await Promise.all(
    [1, 2, 3, 4].map(() => open({ client: 'postgres', connection: { connectionString, max: 2 } })),
  )
  try {
    await Promise.all(replicas.map(database => migrate(database, [one])))
    expect(await rowsOf(replicas[0] ?? admin, one.schema)).toEqual([{ name: 'once' }])
  } finally {
    await Promise.all(replicas.map(database => database.close()))
    await admin.exec(`drop database ${name} with (force)`)
    await admin.close()
  }
})
