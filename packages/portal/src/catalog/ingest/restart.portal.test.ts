import type { DatabaseTarget } from '@callboard/kernel/database/openDatabase'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { createFolder, createLastingDatabase, createTestPortal, until } from '../../testkit/createTestPortal.ts'
import { component, documents, group } from '../../testkit/descriptors.ts'
import { names } from '../../testkit/readCatalog.ts'

/** Figures of `/metrics` by name and labels. */
async function figures(portal: { request(path: string): Promise<Response> }): Promise<Record<string, number>> {
  const text = await (await portal.request('/metrics')).text()
  const lines = text.split('\n').filter(line => line.startsWith('callboard_catalog'))
  return Object.fromEntries(
    lines.map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

describe('a portal that starts again', () => {
  it('parses no document when nothing has changed, and exactly the changed file otherwise', async () => {
    const [folder, database] = [await createFolder(), await createLastingDatabase()]
    const files = { 'catalog-info.yaml': documents(component('a'), group('crew')), 'more/b.yaml': component('b') }
    const rules = [{ allow: ['Component', 'Group', 'Location'] }]
    const config = {
      catalog: {
        rules,
        locations: [
          { type: 'file', target: './catalog-info.yaml' },
          { type: 'file', target: './more/*.yaml' },
        ],
      },
    }
    const first = await createTestPortal({ folder, database, files, config })
    await until(async () => expect(await names(first)).toEqual(['a', 'b']))
    const counted = {
      'callboard_catalog_entities{kind="Component"}': 2,
      'callboard_catalog_entities{kind="Group"}': 1,
      'callboard_catalog_entities{kind="Location"}': 2,
    }
    await until(async () =>
      expect(await figures(first)).toMatchObject({
        ...counted,
        callboard_catalog_documents_parsed_total: 3,
        callboard_catalog_entities_written_total: 5,
        'callboard_catalog_sources_read_total{result="changed"}': 4,
        'callboard_catalog_sources_read_total{result="unchanged"}': expect.any(Number),
      }),
    )
    const before = await first.get('/api/catalog/entities?order=asc:metadata.name')
    await first.close()

    const second = await createTestPortal({ folder, database, files, config })
    await until(async () => expect(await figures(second)).toMatchObject(counted))
    expect(await figures(second)).toMatchObject({
      callboard_catalog_documents_parsed_total: 0,
      callboard_catalog_entities_written_total: 0,
    })
    expect(await second.get('/api/catalog/entities?order=asc:metadata.name')).toEqual(before)
    await second.close()

    const third = await createTestPortal({ folder, database, files: { 'more/b.yaml': component('b2') }, config })
    await until(async () => expect(await names(third)).toEqual(['a', 'b2']))
    await until(async () =>
      expect(await figures(third)).toMatchObject({
        callboard_catalog_documents_parsed_total: 1,
        callboard_catalog_entities_written_total: 2,
      }),
    )
  })

  it('without a location of its configuration has let go of what came from there', async () => {
    const [folder, database] = [await createFolder(), await createLastingDatabase()]
    const files = { 'a.yaml': component('a'), 'b.yaml': component('b') }
    const location = (target: string) => ({ type: 'file', target })
    const first = await createTestPortal({
      folder,
      database,
      files,
      config: { catalog: { locations: [location('./a.yaml'), location('./b.yaml')] } },
    })
    await until(async () => expect(await names(first)).toEqual(['a', 'b']))
    await first.close()
    const second = await createTestPortal({ folder, database, config: { catalog: { locations: [location('./b.yaml')] } } })
    await until(async () => expect(await names(second)).toEqual(['b']))
    expect(await names(second, 'kind=location')).toHaveLength(1)
  })
})

/** KILLS=50 for a thorough run. */
const KILLS = Number(process.env.KILLS ?? 3)
const FILES = 40
const COMPONENTS_OF_A_FILE = 50

async function writeBigCatalog(folder: string): Promise<void> {
  await mkdir(join(folder, 'big'), { recursive: true })
  for (let file = 0; file < FILES; file++) await writeSomeFile(folder, file, 0)
  const catalog = {
    rules: [{ allow: ['Component', 'Group', 'Location'] }],
    locations: [{ type: 'file', target: './big/*.yaml' }],
  }
  await writeFile(join(folder, 'app-config.yaml'), JSON.stringify({ catalog }))
}

async function writeSomeFile(folder: string, file: number, edition: number): Promise<void> {
  const texts = Array.from({ length: COMPONENTS_OF_A_FILE }, (_, index) =>
    component(`c-${file}-${index}`, {
      owner: `team-${(index + edition) % 7}`,
      dependsOn: [`component:c-${(file + 1) % FILES}-${index}`],
    }),
  )
  await writeFile(join(folder, `big/${file}.yaml`), documents(...texts, group(`team-${file}`)))
}

type Running = { url: string; process: ChildProcess }

async function run(folder: string, database: DatabaseTarget): Promise<Running> {
  const url = database.client === 'postgres' ? String(database.connection.connectionString) : ''
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../testkit/runPortal.ts'), folder], {
    env: { ...process.env, ...(url ? { DATABASE_URL: url } : { DATABASE_URL: '' }) },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { url: line, process: child }
}

async function end({ process: child }: Running, signal: NodeJS.Signals): Promise<unknown> {
  const ended = once(child, 'exit')
  child.kill(signal)
  return (await ended)[0]
}

async function get(url: string): Promise<any> {
  return (await fetch(url)).json()
}

async function countOf({ url }: Running): Promise<number> {
  return (await get(`${url}/api/catalog/entities/by-query?limit=0`)).totalItems
}

const ALL = FILES * (COMPONENTS_OF_A_FILE + 1) + 1

/** The catalog without what differs from one ingest to another. */
async function readAll({ url }: Running): Promise<unknown> {
  const entities: any[] = await get(`${url}/api/catalog/entities?order=asc:metadata.name`)
  return entities.map(({ metadata: { uid: _, ...metadata }, ...rest }) => ({ metadata, ...rest }))
}

describe('a portal that is killed while it reads', () => {
  it('ends with the same catalog at its next start', { timeout: 120_000 }, async () => {
    const folder = await createFolder()
    await writeBigCatalog(folder)
    const database: DatabaseTarget =
      inject('database') === 'postgres' ? await createLastingDatabase() : { client: 'pglite', directory: undefined }
    const killed = await run(folder, database)
    await until(async () => expect(await countOf(killed)).toBeGreaterThan(0), 60_000)
    expect(await end(killed, 'SIGKILL')).toBe(null)

    const next = await run(folder, database)
    await until(async () => expect(await countOf(next)).toBe(ALL), 60_000)
    const catalog = await readAll(next)
    expect((await get(`${next.url}/api/catalog/problems`)).items).toEqual([])
    const versions = await get(`${next.url}/api/catalog/entities/by-name/component/default/c-0-0/versions`)
    expect(versions.items.map((each: any) => [each.version, each.cause])).toEqual([[1, 'added']])
    expect(await end(next, 'SIGTERM')).toBe(0)

    // Never killed, on a database of its own, it would have been the same.
    const fresh = inject('database') === 'postgres' ? await createLastingDatabase() : database
    if (fresh.client === 'pglite') await rm(join(folder, '.callboard'), { recursive: true })
    const whole = await run(folder, fresh)
    await until(async () => expect(await countOf(whole)).toBe(ALL), 60_000)
    expect(await readAll(whole)).toEqual(catalog)
    await end(whole, 'SIGTERM')
  })

  it(
    `ends with the same catalog though it is killed ${KILLS} times at any moment`,
    { timeout: 60_000 + KILLS * 20_000 },
    async () => {
      const folder = await createFolder()
      await writeBigCatalog(folder)
      const database: DatabaseTarget =
        inject('database') === 'postgres' ? await createLastingDatabase() : { client: 'pglite', directory: undefined }
      for (let kill = 0; kill < KILLS; kill++) {
        const killed = await run(folder, database)
        // A few files change each time, so that there is always something to take in.
        for (let file = kill % FILES; file < FILES; file += 7) await writeSomeFile(folder, file, kill)
        await new Promise(done => setTimeout(done, Math.random() * 1500))
        expect(await end(killed, 'SIGKILL')).toBe(null)
      }
      // Never killed, on a database of its own, it would be the same.
      const isPostgres = database.client === 'postgres'
      if (!isPostgres) await rename(join(folder, '.callboard'), join(folder, '.killed'))
      const whole = await run(folder, isPostgres ? await createLastingDatabase() : database)
      await until(async () => expect(await countOf(whole)).toBe(ALL), 60_000)
      const expected = JSON.stringify(await readAll(whole))
      await end(whole, 'SIGTERM')
      if (!isPostgres) {
        await rm(join(folder, '.callboard'), { recursive: true })
        await rename(join(folder, '.killed'), join(folder, '.callboard'))
      }
      const last = await run(folder, database)
      await until(async () => expect(JSON.stringify(await readAll(last)) === expected).toBe(true), 60_000)
      expect((await get(`${last.url}/api/catalog/problems`)).items).toEqual([])
      await end(last, 'SIGTERM')
    },
  )
})
