// npm run bench -- [--entities 10000] [--database postgres|pglite] [--seconds 5] [--files FOLDER] [--json FILE]
// Starts a portal as `npm start` does, on generated files, and prints what it took. FOLDER: files of one's own, with an all.yaml.
import { createDatabase, findPostgres, freePort, startPostgres } from '../packages/portal/src/testkit/startPostgres.ts'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { generateCatalog } from './generateCatalog.ts'
import { load, type Ask } from './load.ts'
import { startBareHandler } from './limits.ts'
import { startServer, type Server } from './server.ts'

const { values: options } = parseArgs({
  options: {
    entities: { type: 'string', default: '10000' },
    database: { type: 'string', default: 'postgres' },
    seconds: { type: 'string', default: '5' },
    files: { type: 'string' },
    json: { type: 'string' },
  },
})
const seconds = Number(options.seconds)
const results: Record<string, unknown> = {}
const report = (name: string, value: unknown) => {
  results[name] = value
  console.log(`${name.padEnd(44)} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
}

const folder = await mkdtemp(join(tmpdir(), 'callboard-bench-'))
const files = options.files ? resolve(options.files) : join(folder, 'files')
if (!options.files) await generateCatalog(files, Number(options.entities))
const rules = [{ allow: ['Component', 'API', 'Resource', 'System', 'Domain', 'Group', 'User', 'Location', 'Template'] }]
const config = join(folder, 'app-config.yaml')
const locations = [{ type: 'file', target: join(files, 'all.yaml') }]
// Whoever brings the token may see most, but not all: what a permission costs.
const externalAccess = [{ type: 'static', options: { token: 'limited-to-what-is-not-hidden', subject: 'limited' } }]
await writeFile(
  join(folder, 'policy.ts'),
  `import { definePlugin } from '@callboard/sdk'
  export default definePlugin({ name: 'limits', setup: portal =>
    portal.policy(({ actor }) => actor.id === 'limited' ? { when: '-tag:java' } : 'allow') })`,
)
const settings = { backend: { auth: { externalAccess } }, plugins: ['./policy.ts'], catalog: { rules, locations } }
await writeFile(config, JSON.stringify(settings))

const bin = findPostgres()
if (options.database === 'postgres' && !bin) throw new Error('PostgreSQL is not on this machine; try --database pglite')
const postgres = options.database === 'postgres' && bin ? await startPostgres(bin) : undefined
const databaseUrl = postgres ? await createDatabase(postgres.url) : undefined
const start = async () => startServer({ config, port: await freePort(), dataDir: join(folder, 'data'), databaseUrl })

/** One start on an empty catalog fills the compile cache. */
async function warmUp(): Promise<void> {
  const empty = join(folder, 'empty.yaml')
  await writeFile(empty, '{}')
  const url = postgres ? await createDatabase(postgres.url) : undefined
  const server = await startServer({ config: empty, port: await freePort(), dataDir: join(folder, 'empty'), databaseUrl: url })
  await server.stop()
}

let server: Server | undefined
try {
  await warmUp()
  report('database', options.database)
  server = await start()
  await server.visible(Number(options.entities))
  report('first start: ready after ms', server.readyMs)
  report('first start: all visible after ms', server.sinceStartMs())
  report('first start: RSS MB', await server.rssMb())
  await server.stop()

  server = await start()
  await server.visible(Number(options.entities))
  report('second start: ready after ms', server.readyMs)
  report('second start: index ready after ms', await server.indexed())
  await server.idle()
  report('second start: documents parsed', await server.metric('callboard_catalog_documents_parsed_total'))

  const names = await server.names('component', 500)
  let turn = 0
  const past = new Date().toISOString()
  const page = (q: string): Ask => ({ path: `/api/catalog/entities/by-query?limit=20&q=${encodeURIComponent(q)}` })
  const cases: Record<string, () => Ask> = {
    'by-query, a page of 20 with its total': () => ({
      path: '/api/catalog/entities/by-query?filter=kind%3Dcomponent&limit=20&orderField=metadata.name,asc',
    }),
    'by-name': () => ({ path: `/api/catalog/entities/by-name/component/default/${names[turn++ % names.length] ?? ''}` }),
    'facets of kind and type': () => ({ path: '/api/catalog/entity-facets?facet=kind&facet=spec.type' }),
    'facets, filtered, with a permission predicate': () => ({
      path: '/api/catalog/entity-facets?facet=kind&facet=spec.type&filter=kind%3Dcomponent',
      headers: { authorization: 'Bearer limited-to-what-is-not-hidden' },
    }),
    'q: one hop': () => page('kind:component dependsOn>(kind:resource)'),
    'q: two hops': () => page('dependsOn>(dependsOn>(type:service))'),
    'q: three hops': () => page('dependsOn>(dependsOn>(dependsOn>(type:service)))'),
    'q: any number of hops': () => page('dependsOn+>(type:service)'),
    'q: words alone': () => page('orders'),
    'a page of the past': () => ({
      path: `/api/catalog/entities/by-query?filter=kind%3Dcomponent&limit=20&orderField=metadata.name,asc&at=${past}`,
    }),
    'q: words, type and tag': () => ({
      path: `/api/catalog/entities/by-query?q=kind:component+type:service+tag:java+orders&limit=20`,
    }),
    'by-refs, 100 refs': () => ({
      method: 'POST',
      path: '/api/catalog/entities/by-refs',
      body: { entityRefs: Array.from({ length: 100 }, () => `component:default/${names[turn++ % names.length] ?? ''}`) },
    }),
  }
  for (const [name, next] of Object.entries(cases)) {
    for (const clients of [1, 10]) report(`${name}; ${clients} at once`, await load(server.url, next, clients, seconds))
  }
  report('after the load: RSS MB', await server.rssMb())
  report('at rest: CPU % of one core over 10 s', await server.cpuPercent(10))
  const bodies = { entity: cases['by-name']?.().path ?? '', page: cases['by-query, a page of 20 with its total']?.().path ?? '' }
  for (const [name, path] of Object.entries(bodies)) {
    const bare = await startBareHandler(`${server.url}${path}`, databaseUrl, names)
    report(`limit: the same ${name} from a bare handler`, await load(bare.url, () => ({ path: '/memory' }), 10, seconds))
    if (databaseUrl)
      report(`limit: the same ${name} by a bare select`, await load(bare.url, () => ({ path: `/${name}` }), 10, seconds))
    await bare.close()
  }
  if (options.json) await writeFile(options.json, JSON.stringify(results, null, 2))
} finally {
  if (server) await server.stop()
  if (postgres) await postgres.stop()
  await rm(folder, { recursive: true, force: true })
}
