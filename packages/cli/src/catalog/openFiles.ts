import { loadConfig, type Config } from '@callboard/kernel/config/config'
import { createLog } from '@callboard/kernel/log'
import { startKernel } from '@callboard/kernel/startKernel'
import { catalogService, type CatalogService } from '@callboard/portal/catalog/catalogService'
import { catalogPlugin } from '@callboard/portal/catalog/plugin'
import { definePlugin } from '@callboard/sdk'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDoor, type OpenCatalog } from './openCatalog.ts'

type Files = {
  files: string[]
  /** What people call them. */
  name: string
  /** A path in the answers, and what stands there for people. */
  shown?: [path: string, instead: string]
}

/** A portal over these files, with a database in memory; it listens nowhere, and no host is fetched from. */
export async function openFiles({ files, name, shown }: Files): Promise<OpenCatalog & { readAgain(): Promise<void> }> {
  const found: { catalog?: CatalogService } = {}
  const offline = definePlugin({
    name: 'offline',
    setup(portal) {
      found.catalog = portal.use(catalogService)
    },
  })
  const portal = await startKernel({
    config: await makeConfig(files),
    features: [catalogPlugin, offline],
    env: {},
    database: { client: 'pglite', directory: undefined },
    log: await createLog({ write: () => undefined }),
    dryRun: true,
  })
  const { app } = portal.kernel.http
  const readAgain = async () => found.catalog?.readSources()
  await readAgain()
  const door = createDoor(
    name,
    async ({ method, path, body }) => {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' }
      const reply = await app.inject({ method, url: path, headers, ...(body === undefined ? {} : { payload: body }) })
      return { status: reply.statusCode, text: shown ? reply.payload.replaceAll(...shown) : reply.payload }
    },
    portal.close,
  )
  return { ...door, readAgain }
}

/** A configuration of its own: nobody's plugins run, and nobody's tokens are read. */
async function makeConfig(files: string[]): Promise<Config> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-config-'))
  try {
    const path = join(folder, 'app-config.json')
    // why: the portal names the kinds that it allows; here every one of them is.
    const allow = ['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Location', 'Template']
    const locations = files.map(target => ({ type: 'file', target }))
    await writeFile(path, JSON.stringify({ catalog: { rules: [{ allow }], locations } }))
    return await loadConfig({ paths: [path], cwd: folder, env: {} })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
