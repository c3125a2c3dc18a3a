import { definePlugin } from '@callboard/sdk'
import { request as httpRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createTestPortal, type TestPortal } from './testkit/createTestPortal.ts'
import { component, documents, group } from './testkit/descriptors.ts'
import { find, names, problems, versions } from './testkit/readCatalog.ts'
import { until } from './testkit/until.ts'

describe('the web server', () => {
  it('answers what it does not know in the shape of Backstage, with code and hint', async () => {
    const portal = await createTestPortal()
    const missing = await portal.request('/api/nothing/here?x=1', { method: 'POST' })
    expect([missing.status, missing.headers.get('content-type'), await missing.json()]).toEqual([
      404,
      'application/json; charset=utf-8',
      {
        error: {
          name: 'NotFoundError',
          message: 'There is nothing at POST /api/nothing/here.',
          code: 'ROUTE_NOT_FOUND',
          hint: 'All routes are listed at /api/openapi.json.',
        },
        request: { method: 'POST', url: '/api/nothing/here?x=1' },
        response: { statusCode: 404 },
      },
    ])
    const broken = await portal.post('/api/catalog/entities/by-refs', '{"entityRefs":')
    expect([broken.status, (await broken.json()).error]).toEqual([
      400,
      { name: 'InputError', message: expect.any(String), code: 'REQUEST_INVALID', hint: expect.any(String) },
    ])
    const big = await portal.post('/api/catalog/entities/by-refs', { entityRefs: ['x'.repeat(6 * 1024 * 1024)] })
    expect([big.status, (await big.json()).error.name]).toEqual([413, 'InputError'])
    const poisoned = await portal.post('/api/catalog/entities/by-refs', '{"__proto__":{"x":1},"entityRefs":[]}')
    expect(poisoned.status).toBe(400)
  })

  it('is live and ready, names each request, and keeps browsers safe', async () => {
    const portal = await createTestPortal()
    expect(await portal.get('/.backstage/health/v1/liveness')).toEqual({ status: 'ok' })
    const ready = await portal.request('/.backstage/health/v1/readiness', { headers: { 'x-request-id': 'mine-1' } })
    expect([ready.status, ready.headers.get('x-request-id')]).toEqual([200, 'mine-1'])
    const response = await portal.request('/api/catalog/entities')
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    const policy = response.headers.get('content-security-policy') ?? ''
    const directives = Object.fromEntries(policy.split('; ').map(each => [each.split(' ')[0], each.split(' ').slice(1)]))
    expect(directives).toEqual({
      'default-src': ["'self'"],
      'script-src': [
        "'self'",
        ...(directives['script-src'] ?? []).slice(1).filter((each: string) => /^'sha256-[\w+/=]+'$/.test(each)),
      ],
      'style-src': ["'self'", "'unsafe-inline'"],
      'img-src': ["'self'", 'data:', 'https:'],
      'font-src': ["'self'", 'data:'],
      'connect-src': ["'self'"],
      'object-src': ["'none'"],
      'base-uri': ["'self'"],
      'frame-ancestors': ["'self'"],
    })
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('access-control-allow-origin')).toBe(null)
  })

  it('follows backend.cors and backend.csp, but never allows unsafe-eval', async () => {
    const backend = {
      csp: { 'script-src': ["'self'", "'unsafe-eval'"], 'connect-src': ["'self'", 'https:'], 'object-src': false },
      cors: { origin: 'http://localhost:3000', methods: ['GET', 'POST'], credentials: true },
    }
    const portal = await createTestPortal({ config: { backend } })
    const from = (origin: string, method = 'GET') =>
      portal.request('/api/catalog/entities', { method, headers: { origin, 'access-control-request-method': 'POST' } })
    const allowed = await from('http://localhost:3000')
    expect([allowed.headers.get('access-control-allow-origin'), allowed.headers.get('access-control-allow-credentials')]).toEqual(
      ['http://localhost:3000', 'true'],
    )
    expect((await from('http://evil.example')).headers.get('access-control-allow-origin')).toBe(null)
    const preflight = await from('http://localhost:3000', 'OPTIONS')
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, POST'])
    const policy = allowed.headers.get('content-security-policy')
    expect(policy).not.toContain('unsafe-eval')
    expect(policy).not.toContain('object-src')
    expect(policy).toContain("connect-src 'self' https:")
  })

  it.each(['br', 'gzip'])('compresses what is big with %s, and nothing small', async encoding => {
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': component('a', {}, { description: 'long '.repeat(1000) }) },
    })
    await until(async () => expect(await names(portal)).toEqual(['a']))
    const encodingOf = (path: string) =>
      new Promise<string | undefined>((done, fail) => {
        httpRequest(portal.url + path, { headers: { 'accept-encoding': encoding } }, response => {
          response.resume().once('end', () => done(response.headers['content-encoding']))
        })
          .once('error', fail)
          .end()
      })
    expect(await encodingOf('/api/catalog/entities')).toBe(encoding)
    expect(await encodingOf('/api/catalog/entities/by-name/component/default/a')).toBe(encoding)
    expect(await encodingOf('/api/catalog/locations')).toBeUndefined()
  })

  it('describes all of its routes as OpenAPI 3.1', async () => {
    const plugin = definePlugin({ name: 'extra', setup: portal => portal.get('/things/:id', { summary: 'A thing' }, () => ({})) })
    const portal = await createTestPortal({ plugins: [plugin] })
    const api = await portal.get('/api/openapi.json')
    expect(api.openapi).toMatch(/^3\.1\./)
    expect(
      Object.entries<any>(api.paths)
        .flatMap(([path, methods]) => Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`))
        .toSorted(),
    ).toEqual([
      'DELETE /api/catalog/entities/by-uid/{uid}',
      'DELETE /api/catalog/locations/{id}',
      'GET /.backstage/health/v1/liveness',
      'GET /.backstage/health/v1/readiness',
      'GET /api/catalog/entities',
      'GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}',
      'GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry',
      'GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/versions',
      'GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/versions/{version}',
      'GET /api/catalog/entities/by-query',
      'GET /api/catalog/entities/by-uid/{uid}',
      'GET /api/catalog/entity-facets',
      'GET /api/catalog/kinds',
      'GET /api/catalog/locations',
      'GET /api/catalog/locations/by-entity/{kind}/{namespace}/{name}',
      'GET /api/catalog/locations/{id}',
      'GET /api/catalog/problems',
      'GET /api/events',
      'GET /api/extra/things/{id}',
      'GET /api/shell',
      'GET /api/shell/cards',
      'GET /api/shell/cards/view',
      'GET /api/shell/info',
      'GET /api/shell/pages',
      'GET /api/shell/pages/view',
      'GET /metrics',
      'POST /api/catalog/entities/by-refs',
      'POST /api/catalog/locations',
      'POST /api/catalog/refresh',
      'POST /api/catalog/validate-entity',
    ])
    const parameters = api.paths['/api/catalog/entities/by-query'].get.parameters
    expect(parameters.map((each: any) => each.name)).toEqual([
      'filter',
      'q',
      'fields',
      'limit',
      'offset',
      'orderField',
      'cursor',
      'fullTextFilterTerm',
      'fullTextFilterFields',
      'totalItems',
      'missing',
    ])
    expect(api.paths['/api/extra/things/{id}'].get).toMatchObject({ summary: 'A thing', tags: ['extra'] })
    const body = api.paths['/api/catalog/entities/by-refs'].post.requestBody.content['application/json'].schema
    expect(Object.keys(body.properties)).toEqual(['entityRefs', 'fields'])
  })

  it('tells Prometheus the state of the catalog and its own times', async () => {
    const bad = component('bad', { owner: 1 })
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': documents(component('a'), component('b'), group('crew'), bad) },
    })
    await until(async () => expect(await problems(portal)).toHaveLength(1))
    const figures = async () => {
      const text = await (await portal.request('/metrics')).text()
      return Object.fromEntries(
        text
          .split('\n')
          .filter(line => line && !line.startsWith('#'))
          .map(line => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
      )
    }
    await until(async () =>
      expect(await figures()).toMatchObject({
        'callboard_catalog_entities{kind="Component"}': 2,
        'callboard_catalog_entities{kind="Group"}': 1,
        'callboard_catalog_entities{kind="Location"}': 1,
        'callboard_catalog_problems{code="DESCRIPTOR_KIND"}': 1,
        'callboard_catalog_sources_read_total{result="changed"}': 2,
        callboard_catalog_documents_parsed_total: 4,
        callboard_catalog_entities_written_total: 4,
        process_resident_memory_bytes: expect.any(Number),
      }),
    )
    await portal.request('/api/catalog/entities/by-name/component/default/none')
    const route = '/api/catalog/entities/by-name/:kind/:namespace/:name'
    await until(async () =>
      expect((await figures())[`callboard_http_request_duration_seconds_count{method="GET",route="${route}",status="404"}`]).toBe(
        1,
      ),
    )
  })
})

const TOKEN = 'a-token-that-nobody-guesses'

describe('identity', () => {
  const access = (token: unknown) => ({
    backend: { auth: { externalAccess: [{ type: 'static', options: { token, subject: 'robot' } }] } },
  })
  const who = async (portal: TestPortal, authorization?: string) => {
    const response = await portal.request('/api/who', authorization === undefined ? {} : { headers: { authorization } })
    return [response.status, await response.json()]
  }
  const plugin = definePlugin({ name: 'who', setup: portal => portal.get('/', {}, ({ actor }) => actor) })

  it('is the guest without a token, the subject of a static token with one, and nobody with any other', async () => {
    const portal = await createTestPortal({
      plugins: [plugin],
      config: { ...access('${ROBOT_TOKEN}') },
      env: { ROBOT_TOKEN: TOKEN },
    })
    const guest = { type: 'user', id: 'user:development/guest', ownershipRefs: ['user:development/guest'] }
    expect(await who(portal)).toEqual([200, guest])
    expect(await who(portal, `Bearer ${TOKEN}`)).toEqual([200, { type: 'service', id: 'robot', ownershipRefs: [] }])
    for (const wrong of ['Bearer wrong', `Basic ${TOKEN}`, TOKEN, 'Bearer ']) {
      expect(await who(portal, wrong)).toEqual([
        401,
        {
          error: {
            name: 'AuthenticationError',
            message: 'The token of this request is not known.',
            code: 'TOKEN_UNKNOWN',
            hint: expect.any(String),
          },
          request: { method: 'GET', url: '/api/who' },
          response: { statusCode: 401 },
        },
      ])
    }
  })

  it('that the configuration asks for and that does not exist yet refuses the start, unless the portal is open', async () => {
    const files = {
      'app-config.yaml':
        'auth:\n  environment: development\n  providers:\n    guest: {}\n    github:\n      development:\n        clientId: x\n        clientSecret: y\n',
    }
    await expect(createTestPortal({ files })).rejects.toMatchObject({
      code: 'AUTH_PROVIDER_UNKNOWN',
      message: 'The configuration asks for sign-in with "github", which this release cannot do.',
      where: { line: 5 },
    })
    const portal = await createTestPortal({ files, plugins: [plugin], open: true })
    expect((await who(portal))[0]).toBe(200)
  })

  it('never writes a secret of the configuration into the log', async () => {
    const speaks = definePlugin({
      name: 'speaks',
      setup(portal) {
        portal.log.info(`the token is ${TOKEN}`, { nested: { token: TOKEN } })
        portal.get('/', {}, () => {
          throw new Error(`failed with ${TOKEN}`, { cause: new Error(`and ghp_abcdefgh`) })
        })
      },
    })
    const config = { ...access('${ROBOT_TOKEN}'), integrations: { github: [{ host: 'github.com', token: 'ghp_abcdefgh' }] } }
    const portal = await createTestPortal({ plugins: [speaks], config, env: { ROBOT_TOKEN: TOKEN } })
    const answer = await (await portal.request('/api/speaks')).text()
    const log = portal.log.join('')
    expect(log).toContain('the token is ***')
    expect(log).toContain('failed with ***')
    expect(log + answer).not.toContain(TOKEN)
    expect(log + answer).not.toContain('ghp_abcdefgh')
  })
})

describe('a portal that is told to stop', () => {
  it('finishes the requests it has, and ends server-sent events', async () => {
    let finish: (() => void) | undefined
    const slow = definePlugin({
      name: 'slow',
      setup: portal => portal.get('/', {}, () => new Promise<object>(done => (finish = () => done({ done: true })))),
    })
    const portal = await createTestPortal({ plugins: [slow] })
    const events = await portal.request('/api/events')
    const answer = portal.request('/api/slow')
    await until(() => expect(finish).toBeDefined())
    const closing = portal.close()
    finish?.()
    expect(await (await answer).json()).toEqual({ done: true })
    expect(await events.text()).toBe('retry: 2000\n\n')
    await closing
    await expect(portal.request('/api/slow')).rejects.toThrow('fetch failed')
  })
})

const CREATE_APP = `
app:
  title: Scaffolded Backstage App
  baseUrl: http://localhost:3000
  extensions:
    - page:catalog:
        config:
          path: /
    - api:app/some-api: false
organization:
  name: My Company
backend:
  # Used for enabling authentication, secret is shared by all backend plugins
  # auth:
  #   keys:
  #     - secret: \${BACKEND_SECRET}
  baseUrl: http://localhost:7007
  listen:
    port: 7007
  csp:
    connect-src: ["'self'", 'http:', 'https:']
  cors:
    origin: http://localhost:3000
    methods: [GET, HEAD, PATCH, POST, PUT, DELETE]
    credentials: true
  database:
    client: better-sqlite3
    connection: ':memory:'
integrations:
  github:
    - host: github.com
      token: \${GITHUB_TOKEN}
proxy:
techdocs:
  builder: 'local' # Alternatives - 'external'
  generator:
    runIn: 'docker' # Alternatives - 'local'
  publisher:
    type: 'local' # Alternatives - 'googleGcs' or 'awsS3'. Read documentation for using alternatives.
auth:
  # see https://backstage.io/docs/auth/ to learn about auth providers
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
      target: ../../examples/template/template.yaml
      rules:
        - allow: [Template]
    - type: file
      target: ../../examples/org.yaml
      rules:
        - allow: [User, Group]
kubernetes:
permission:
  enabled: true
`

const TEMPLATE =
  'apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: { name: example }\nspec: { owner: user:guest, type: service, steps: [{ action: debug:log }] }\n'

it('an app-config.yaml as create-app makes it works unmodified', async () => {
  const user = JSON.stringify({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name: 'guest' },
    spec: { memberOf: ['guests'] },
  })
  const portal = await createTestPortal({
    files: {
      'app-config.yaml': CREATE_APP,
      'packages/backend/package.json': '{}',
      'examples/entities.yaml': documents(component('example-website', { owner: 'guests', system: 'examples' })),
      'examples/template/template.yaml': TEMPLATE,
      'examples/org.yaml': documents(user, group('guests')),
    },
  })
  await until(async () => expect((await portal.get('/api/catalog/entities/by-query?limit=0')).totalItems).toBe(7))
  expect(await names(portal, 'kind=component&filter=kind=template&filter=kind=user&filter=kind=group')).toEqual([
    'example',
    'example-website',
    'guest',
    'guests',
  ])
  expect(await problems(portal)).toEqual([])
  const location = `file:${portal.folder}/examples/entities.yaml`
  expect((await find(portal, 'example-website')).metadata.annotations).toEqual({
    'backstage.io/managed-by-location': location,
    'backstage.io/managed-by-origin-location': location,
  })
  expect(await versions(portal, 'example-website')).toMatchObject([{ version: 1, cause: 'added', actor: 'system' }])
  expect((await portal.get('/api/shell/info')).title).toBe('Scaffolded Backstage App')
  const unused = portal.log.filter(line => line.includes('nothing here uses'))
  expect(unused.map(line => JSON.parse(line).msg)).toEqual([
    expect.stringMatching(/^Configuration that nothing here uses: .*techdocs/),
  ])
})
