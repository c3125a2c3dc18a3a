import { loadConfig } from '@callboard/kernel/config/config'
import { chooseDatabase } from '@callboard/kernel/database/chooseDatabase'
import { definePlugin } from '@callboard/sdk'
import { sql } from 'kysely'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { createCuttable } from './testkit/cutConnection.ts'
import { createFolder, createLastingDatabase, createTestPortal } from './testkit/createTestPortal.ts'
import { component } from './testkit/descriptors.ts'
import { find, names } from './testkit/readCatalog.ts'
import { until } from './testkit/until.ts'

const onPglite = inject('database') === 'pglite'

describe('the database at the start', () => {
  it.runIf(onPglite)('is refused to a second portal on the same folder, and free when the first has ended', async () => {
    const database = await createLastingDatabase()
    const directory = database.client === 'pglite' ? database.directory : ''
    const first = await createTestPortal({ database })
    await expect(createTestPortal({ database })).rejects.toMatchObject({
      code: 'DATABASE_LOCKED',
      message: `The database folder ${directory} is in use by process ${process.pid}.`,
      hint: 'Stop that process, choose another folder with --data, or share a PostgreSQL with DATABASE_URL.',
    })
    await first.close()
    const second = await createTestPortal({ database })
    expect(await second.get('/.backstage/health/v1/readiness')).toEqual({ status: 'ok' })
  })

  it.runIf(onPglite)('is taken over when the process that held it was killed', async () => {
    const database = await createLastingDatabase()
    const directory = (database.client === 'pglite' && database.directory) || ''
    await writeFile(`${directory}.lock`, '999999999 1\n')
    const portal = await createTestPortal({ database })
    expect(await portal.get('/api/catalog/entities')).toEqual([])
  })

  it.runIf(onPglite)('is named when its folder cannot be written', async () => {
    const folder = await createFolder()
    await writeFile(join(folder, 'file'), '')
    const directory = join(folder, 'file/db')
    await expect(createTestPortal({ database: { client: 'pglite', directory } })).rejects.toMatchObject({
      code: 'DATABASE_FOLDER',
      message: expect.stringContaining(`The database folder ${directory} cannot be used: `),
    })
    if (process.getuid?.() === 0) return
    await mkdir(join(folder, 'closed'))
    await chmod(join(folder, 'closed'), 0o500)
    await expect(
      createTestPortal({ database: { client: 'pglite', directory: join(folder, 'closed/db') } }),
    ).rejects.toMatchObject({ code: 'DATABASE_FOLDER' })
  })

  it.runIf(onPglite)('is named, without its password, when it cannot be reached', async () => {
    const connection = { connectionString: 'postgres://jo:very-secret@127.0.0.1:1/shop' }
    const failure: unknown = await createTestPortal({ database: { client: 'postgres', connection } }).catch(
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      status: 503,
      message: expect.stringMatching(/^The database shop at 127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/),
      hint: 'Check DATABASE_URL or backend.database.connection, and that PostgreSQL is running.',
    })
    expect(String(failure)).not.toContain('very-secret')
  })

  it.runIf(onPglite)('is chosen by environment and configuration', async () => {
    const folder = await createFolder()
    const choose = async (backend: object, env: NodeJS.ProcessEnv = {}, data?: string) => {
      await writeFile(join(folder, 'app-config.yaml'), JSON.stringify({ backend }))
      return chooseDatabase(await loadConfig({ paths: [join(folder, 'app-config.yaml')], cwd: folder, env }), env, data)
    }
    const embedded = { client: 'pglite', directory: join(folder, '.callboard/db') }
    expect(await choose({})).toEqual(embedded)
    expect(await choose({ database: { client: 'better-sqlite3', connection: ':memory:' } })).toEqual(embedded)
    expect(await choose({ database: { client: 'pg', connection: { host: 'db', port: 5432 } } })).toEqual({
      client: 'postgres',
      connection: { host: 'db', port: 5432 },
    })
    expect(await choose({ database: { client: 'pg', connection: 'postgres://db/x' } })).toEqual({
      client: 'postgres',
      connection: { connectionString: 'postgres://db/x' },
    })
    expect(await choose({ database: { client: 'better-sqlite3' } }, { DATABASE_URL: 'postgres://db/y' })).toEqual({
      client: 'postgres',
      connection: { connectionString: 'postgres://db/y' },
    })
    expect(await choose({}, {}, '/data')).toEqual({ client: 'pglite', directory: '/data/db' })
    await expect(choose({ database: { client: 'mysql2' } })).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})

it('a port that is in use stops the start, and leaves nothing behind that holds the database', async () => {
  const taken = createServer()
  await new Promise<void>(done => taken.listen(0, '127.0.0.1', done))
  onTestFinished(() => void taken.close())
  const address = taken.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const database = await createLastingDatabase()
  await expect(createTestPortal({ port, database })).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    message: `The port ${port} of 127.0.0.1 is in use.`,
  })
  const portal = await createTestPortal({ database })
  expect(await portal.get('/api/catalog/entities')).toEqual([])
})

/** Keeps a connection busy, so that it breaks in the middle of a statement. */
const slow = definePlugin({
  name: 'slow',
  setup(portal) {
    portal.get('/', {}, async () => (await sql`select pg_sleep(20)`.execute(portal.db)).rows)
    portal.get('/running', {}, async () => {
      const { rows } = await sql<{ count: number }>`select count(*)::int as count from pg_stat_activity
        where datname = current_database() and query = 'select pg_sleep(20)' and state = 'active'`.execute(portal.db)
      return { count: rows[0]?.count ?? 0 }
    })
  },
})

describe('a database that goes away in the middle', () => {
  it('is answered with 503, and everything goes on by itself when it is back', { timeout: 60_000 }, async context => {
    if (onPglite) return context.skip('the embedded database does not go away')
    const database = await createLastingDatabase()
    const url = new URL(database.client === 'postgres' ? String(database.connection.connectionString) : '')
    const cuttable = await createCuttable(Number(url.port))
    url.port = String(cuttable.port)
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': component('a') },
      plugins: [slow],
      database: { client: 'postgres', connection: { connectionString: url.href, max: 4 } },
    })
    await until(async () => expect(await names(portal)).toEqual(['a']))

    const asked = portal.request('/api/slow')
    await until(async () => expect((await portal.get('/api/slow/running')).count).toBe(1))
    await cuttable.cut()
    expect((await asked).status).toBe(503)
    for (const [path, init] of [
      ['/api/catalog/entities/by-query', {}],
      ['/api/catalog/entities', {}],
      [
        '/api/catalog/locations',
        {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"type":"url","target":"https://example.com/x.yaml"}',
        },
      ],
      [
        '/api/catalog/refresh',
        { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"entityRef":"component:default/a"}' },
      ],
    ] as const) {
      const response = await portal.request(path, init)
      expect([path, response.status, await response.json()]).toEqual([
        path,
        503,
        {
          error: {
            name: 'ServiceUnavailableError',
            message: 'The database does not answer at the moment.',
            code: 'DATABASE_UNAVAILABLE',
            hint: 'Try again shortly; the portal goes on by itself when the database is back.',
          },
          request: { method: 'method' in init ? init.method : 'GET', url: path },
          response: { statusCode: 503 },
        },
      ])
    }
    expect(await portal.get('/.backstage/health/v1/liveness')).toEqual({ status: 'ok' })
    await portal.write('catalog-info.yaml', component('a', { type: 'library' }))
    await until(() => expect(portal.log.some(line => line.includes('could not be read; trying again'))).toBe(true), 20_000)

    await cuttable.restore()
    await until(async () => expect((await find(portal, 'a')).spec.type).toBe('library'), 20_000)
    await portal.write('catalog-info.yaml', component('b'))
    await until(async () => expect(await names(portal)).toEqual(['b']), 20_000)
  })
})
