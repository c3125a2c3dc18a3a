import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { z } from 'zod'
import { loadConfig } from './config.ts'
import { listenSchema } from './listenSchema.ts'
import { nearestName } from './nearestName.ts'
import { kernelSections, pluginsSchema } from './schema.ts'

const BACKSTAGE_APP = `
app:
  title: Scaffolded Backstage App
  baseUrl: http://localhost:3000
organization:
  name: My Company
backend:
  # auth:
  #   keys: []
  baseUrl: http://localhost:7007
  listen:
    port: 7007
    # host: 127.0.0.1
  csp:
    connect-src: ["'self'", 'http:', 'https:']
  cors:
    origin: http://localhost:3000
    methods: [GET, HEAD, PATCH, POST, PUT, DELETE]
    credentials: true
  database:
    client: better-sqlite3
    connection: ':memory:'
  # workingDirectory: /tmp
integrations:
  github:
    - host: github.com
      token: \${GITHUB_TOKEN}
proxy:
techdocs:
  builder: 'local'
  generator:
    runIn: 'docker'
  publisher:
    type: 'local'
auth:
  providers:
    guest: {}
scaffolder:
catalog:
  import:
    entityFilename: catalog-info.yaml
    pullRequestBranchName: backstage-integration
  rules:
    - allow: [Component, System, API, Resource, Location]
  locations:
    - type: file
      target: ../../examples/entities.yaml
    - type: file
      target: ../../examples/org.yaml
      rules:
        - allow: [User, Group]
kubernetes:
permission:
  enabled: true
`

async function load(text: string) {
  const dir = await mkdtemp(join(tmpdir(), 'schema-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  await writeFile(join(dir, 'app-config.yaml'), text)
  return loadConfig({ cwd: dir, env: {} })
}

test('the configuration of a new Backstage app is accepted', async () => {
  const config = await load(BACKSTAGE_APP)
  const { app, organization, backend, integrations, auth, permission, plugins } = kernelSections
  expect(config.section('app', app)).toEqual({ title: 'Scaffolded Backstage App', baseUrl: 'http://localhost:3000' })
  expect(config.section('organization', organization)).toEqual({ name: 'My Company' })
  expect(config.section('backend', backend)).toEqual({
    baseUrl: 'http://localhost:7007',
    listen: { port: 7007 },
    csp: { 'connect-src': ["'self'", 'http:', 'https:'] },
    cors: { origin: ['http://localhost:3000'], methods: ['GET', 'HEAD', 'PATCH', 'POST', 'PUT', 'DELETE'], credentials: true },
    database: { client: 'better-sqlite3', connection: ':memory:' },
    reading: { allow: [] },
    auth: { externalAccess: [], dangerouslyDisableDefaultAuthPolicy: false },
  })
  expect(config.section('integrations', integrations)).toEqual({ github: [{ host: 'github.com' }], gitlab: [] })
  expect(config.section('auth', auth)).toEqual({ providers: { guest: {} } })
  expect(config.section('permission', permission)).toEqual({ enabled: true })
  expect(config.section('plugins', plugins)).toEqual([])
  expect(config.unownedSections(Object.keys(kernelSections))).toEqual(['techdocs', 'catalog'])
})

test('an empty configuration has all of the kernel sections', async () => {
  const config = await load('')
  for (const [key, schema] of Object.entries<z.ZodType>(kernelSections)) expect(() => config.section(key, schema)).not.toThrow()
})

test('misspelt keys and wrong values of the kernel are found', async () => {
  const config = await load(
    'backend:\n  baseUrl: localhost\n  litsen: 80\n  database:\n    client: postgres\n  listen: a:b:c\npermission:\n  enabeld: true\n',
  )
  expect(() => config.section('backend', kernelSections.backend)).toThrow(
    [
      'The configuration has 4 problems: ',
      '  backend.baseUrl is wrong: it must be a URL that begins with http:// or https:// (app-config.yaml:2:3)',
      '  backend.listen is wrong: write :7007, host:7007 or {host, port} (app-config.yaml:6:3)',
      '  backend.database.client must be one of better-sqlite3, sqlite3, pg, pglite (app-config.yaml:5:5)',
      '  backend.litsen is not a known key; did you mean listen? (app-config.yaml:3:3)',
    ].join('\n'),
  )
  expect(() => config.section('permission', kernelSections.permission)).toThrow('did you mean enabled? (app-config.yaml:8:3)')
})

test.each([
  [':8000', { port: 8000 }],
  ['127.0.0.1:8000', { host: '127.0.0.1', port: 8000 }],
  ['[::1]:8000', { host: '::1', port: 8000 }],
  ['localhost', { host: 'localhost', port: 7007 }],
  ['8000', { port: 8000 }],
  [8000, { port: 8000 }],
  [
    { host: '0.0.0.0', port: '8000' },
    { host: '0.0.0.0', port: 8000 },
  ],
  [{}, { port: 7007 }],
])('listen %j is read as %j', (listen, address) => {
  expect(listenSchema.parse(listen)).toEqual(address)
})

test('plugins are texts or objects, read as one form', () => {
  expect(pluginsSchema.parse(['./cost.ts', { use: '@acme/portal-plugin', optional: true, config: { a: 1 } }])).toEqual([
    { use: './cost.ts', optional: false, config: undefined },
    { use: '@acme/portal-plugin', optional: true, config: { a: 1 } },
  ])
})

test.each([
  ['litsen', 'listen'],
  ['BaseURL', 'baseUrl'],
  ['cros', 'cors'],
  ['unrelated', undefined],
])('the name nearest to %s is %s', (name, nearest) => {
  expect(nearestName(name, ['listen', 'baseUrl', 'cors', 'https'])).toBe(nearest)
})
