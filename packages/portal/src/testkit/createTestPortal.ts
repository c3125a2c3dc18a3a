import { loadConfig } from '@callboard/kernel/config/config'
import { migrate } from '@callboard/kernel/database/migrate'
import { openDatabase, type DatabaseTarget } from '@callboard/kernel/database/openDatabase'
import { createLog } from '@callboard/kernel/log'
import { startKernel, type RunningPortal } from '@callboard/kernel/startKernel'
import type { Plugin } from '@callboard/sdk'
import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { catalogPlugin } from '../catalog/plugin.ts'
import { shellPlugin } from '../shell/plugin.ts'
import { createDatabase, dropDatabase } from './startPostgres.ts'

export { until } from './until.ts'

export type TestPortalOptions = {
  /** Added to a configuration that allows every kind and reads `catalog-info.yaml`. */
  config?: Record<string, unknown>
  /** Written beside the configuration, by relative path. */
  files?: Record<string, string>
  /** Set up behind the built-in features. */
  plugins?: Plugin[]
  env?: NodeJS.ProcessEnv
  open?: boolean
  /** A database that outlives the portal (see `createLastingDatabase`), or one of the two where it is what is tested. */
  database?: DatabaseTarget
  /** A folder that outlives the portal, as when a portal is started again. */
  folder?: string
  /** Default: any that is free. */
  port?: number
  /** Told how to end the portal. Default: it ends with the test; one that several tests share ends in `afterAll`. */
  onEnd?: (end: () => Promise<void>) => void
}

export type TestPortal = RunningPortal & {
  /** The folder with the configuration. */
  folder: string
  /** Lines of the log, as JSON. */
  log: string[]
  request(path: string, init?: RequestInit): Promise<Response>
  /** The JSON of a good answer; fails with the body of any other. */
  get<T = any>(path: string, init?: RequestInit): Promise<T>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>
  /** Writes a file of the portal's folder, as its author would. */
  write(path: string, text: string): Promise<void>
}

const NODE_MODULES = join(import.meta.dirname, '../../../../node_modules')
const DUMPS = join(NODE_MODULES, '.cache/callboard-tests')
const KINDS = ['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Location', 'Template']

/** Starts a real portal on a fresh database and a free port; it ends with the test. */
export async function createTestPortal(options: TestPortalOptions = {}): Promise<TestPortal> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'callboard-test-')))
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  const catalog = {
    rules: [{ allow: KINDS }],
    locations: options.files?.['catalog-info.yaml'] ? [{ type: 'file', target: './catalog-info.yaml' }] : [],
  }
  await write('app-config.yaml', JSON.stringify({ catalog, ...options.config }))
  for (const [path, text] of Object.entries(options.files ?? {})) await write(path, text)
  const { database, drop } = options.database ? { database: options.database, drop: undefined } : await freshDatabase()
  const log: string[] = []
  const env = options.env ?? {}
  const readConfig = () => loadConfig({ paths: [join(folder, 'app-config.yaml')], cwd: folder, env })
  const config = await readConfig()
  let portal: RunningPortal | undefined
  const onEnd = options.onEnd ?? onTestFinished
  onEnd(async () => {
    await portal?.close()
    await drop?.()
    if (!options.folder) await rm(folder, { recursive: true, force: true })
  })
  portal = await startKernel({
    config,
    reloadConfig: readConfig,
    features: [catalogPlugin, shellPlugin, ...(options.plugins ?? [])],
    database,
    port: options.port ?? 0,
    env,
    open: options.open ?? false,
    log: await createLog({ secrets: config.secrets(), write: line => void log.push(line) }),
  })
  const { url } = portal
  const request = (path: string, init?: RequestInit) => fetch(`${url}${path}`, init)
  return {
    ...portal,
    folder,
    log,
    write,
    request,
    async get(path, init) {
      const response = await request(path, init)
      const text = await response.text()
      if (!response.ok) throw new Error(`${response.status} ${path}: ${text}`)
      // why: the test knows what it asked for.
      return JSON.parse(text) as never
    },
    post: (path, body, headers = { 'content-type': 'application/json' }) =>
      request(path, {
        method: 'POST',
        headers,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  }
}

let dump: Promise<Blob> | undefined

async function freshDatabase(): Promise<{ database: DatabaseTarget; drop?: () => Promise<void> }> {
  if (inject('database') === 'postgres') {
    const url = await createDatabase(inject('postgresUrl'))
    return { database: { client: 'postgres', connection: { connectionString: url, max: 4 } }, drop: () => dropDatabase(url) }
  }
  dump ??= readDump()
  return { database: { client: 'pglite', directory: undefined, restore: await dump } }
}

/** A database for several portals of one test, one after the other; it goes with the test. */
export async function createLastingDatabase(): Promise<DatabaseTarget> {
  if (inject('database') === 'postgres') {
    const { database, drop } = await freshDatabase()
    onTestFinished(() => drop?.())
    return database
  }
  const directory = await createFolder()
  dump ??= readDump()
  const filled = await openDatabase(
    { client: 'pglite', directory: join(directory, 'db'), restore: await dump },
    await createLog({ write: () => undefined }),
  )
  await filled.close()
  return { client: 'pglite', directory: join(directory, 'db') }
}

/** An empty folder that goes with the test. */
export async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A new embedded database takes seconds; one restored from a migrated dump does not. The dump is kept until a migration changes. */
async function readDump(): Promise<Blob> {
  const path = join(DUMPS, `${await hashMigrations()}.tar`)
  const kept = await readFile(path).catch(() => undefined)
  if (kept) return new Blob([kept])
  const made = await makeDump()
  await mkdir(DUMPS, { recursive: true })
  await writeFile(`${path}.${process.pid}`, Buffer.from(await made.arrayBuffer()))
  await rename(`${path}.${process.pid}`, path)
  return made
}

async function hashMigrations(): Promise<string> {
  const folder = catalogPlugin.migrations ?? new URL('.', import.meta.url)
  const texts = (await readdir(folder)).toSorted().map(name => readFileSync(new URL(name, folder), 'utf8'))
  const { version } = JSON.parse(await readFile(join(NODE_MODULES, '@electric-sql/pglite/package.json'), 'utf8')) as {
    version: string
  }
  return hash('sha1', [version, ...texts].join('\n'))
}

async function makeDump(): Promise<Blob> {
  const database = await openDatabase({ client: 'pglite', directory: undefined }, await createLog({ write: () => undefined }))
  const folder = catalogPlugin.migrations
  if (folder) await migrate(database, [{ schema: 'catalog', folder }])
  const blob = await database.dump?.()
  await database.close()
  if (!blob) throw new Error('The embedded database gave no dump')
  return blob
}
