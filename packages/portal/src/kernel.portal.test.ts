import { definePlugin, respond } from '@callboard/sdk'
import { request as httpRequest } from 'node:http'
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createTestPortal } from './testkit/createTestPortal.ts'
import { component, documents, group } from './testkit/descriptors.ts'
import { names, problems } from './testkit/readCatalog.ts'
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
      'img-src': ["'self'", 'data:'],
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
      'GET /api/catalog/changes',
      'GET /api/catalog/diff',
      'GET /api/catalog/entities',
      'GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}',
      'GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/ancestry',
      'GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/blame',
      'GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/diff',
      'GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/versions',
      'GET /api/catalog/entities/by-name/{kind}/{namespace}/{name}/versions/{version}',
      'GET /api/catalog/entities/by-query',
      'GET /api/catalog/entities/by-uid/{uid}',
      'GET /api/catalog/entity-facets',
      'GET /api/catalog/hosts',
      'GET /api/catalog/kinds',
      'GET /api/catalog/locations',
      'GET /api/catalog/locations/by-entity/{kind}/{namespace}/{name}',
      'GET /api/catalog/locations/{id}',
      'GET /api/catalog/problems',
      'GET /api/catalog/query/complete',
      'GET /api/catalog/query/explain',
      'GET /api/catalog/sources',
      'GET /api/catalog/webhooks',
      'GET /api/events',
      'GET /api/extra/things/{id}',
      'GET /api/shell',
      'GET /api/shell/cards',
      'GET /api/shell/cards/view',
      'GET /api/shell/info',
      'GET /api/shell/pages',
      'GET /api/shell/pages/view',
      'GET /api/shell/tabs',
      'GET /api/shell/tabs/view',
      'GET /metrics',
      'POST /api/catalog/analyze-location',
      'POST /api/catalog/entities/by-name/{kind}/{namespace}/{name}/versions/{version}/restore',
      'POST /api/catalog/entities/by-query',
      'POST /api/catalog/entities/by-refs',
      'POST /api/catalog/entity-facets',
      'POST /api/catalog/locations',
      'POST /api/catalog/locations/by-query',
      'POST /api/catalog/refresh',
      'POST /api/catalog/validate-entity',
      'PUT /api/catalog/locations/{id}',
    ])
    const parameters = api.paths['/api/catalog/entities/by-query'].get.parameters
    expect(parameters.map((each: any) => each.name)).toEqual([
      'filter',
      'q',
      'at',
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
    const own = await portal.get('/api/extra/openapi.json')
    expect([own.servers, Object.keys(own.paths)]).toEqual([[{ url: '/api/extra' }], ['/things/{id}']])
    expect((await portal.request('/api/none/openapi.json')).status).toBe(404)
    const body = api.paths['/api/catalog/entities/by-refs'].post.requestBody.content['application/json'].schema
    expect(Object.keys(body.properties)).toEqual(['entityRefs', 'fields', 'query'])
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

describe('a portal that is told to stop', () => {
  it('finishes the requests it has, also on connections that would be kept, and ends server-sent events', async () => {
    let finish: (() => void) | undefined
    const slow = definePlugin({
      name: 'slow',
      setup(portal) {
        portal.get('/', {}, () => new Promise<object>(done => (finish = () => done({ done: true }))))
        portal.get('/stream', {}, () =>
          respond(Readable.from(piecesUntil(() => finish === undefined)), { headers: { 'content-type': 'text/plain' } }),
        )
      },
    })
    const portal = await createTestPortal({ plugins: [slow] })
    const events = await portal.request('/api/events')
    const answer = portal.request('/api/slow')
    await until(() => expect(finish).toBeDefined())
    const stream = await portal.request('/api/slow/stream')
    const closing = portal.close()
    await until(() => expect(portal.kernel.http.stopping).toBe(true))
    finish?.()
    finish = undefined
    expect(await (await answer).json()).toEqual({ done: true })
    expect(await stream.text()).toMatch(/^(piece)+$/)
    expect(await events.text()).toBe('retry: 2000\n\n')
    await closing
    await expect(portal.request('/api/slow')).rejects.toThrow('fetch failed')
  })
})

async function* piecesUntil(isEnough: () => boolean): AsyncGenerator<string> {
  do {
    yield 'piece'
    await new Promise(done => setTimeout(done, 20))
  } while (!isEnough())
}
