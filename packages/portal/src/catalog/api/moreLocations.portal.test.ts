import { hash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, documents, group } from '../../testkit/descriptors.ts'
import { find, names } from '../../testkit/readCatalog.ts'
import { serveFiles, type FileServer } from '../../testkit/serveFiles.ts'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const json = { 'content-type': 'application/json' }

async function started(server: FileServer, config: object = {}): Promise<TestPortal> {
  return createTestPortal({ config: { backend: { reading: { allow: [{ host: server.host }] } }, ...config } })
}

async function send(portal: TestPortal, method: string, path: string, body: unknown): Promise<{ status: number; body: any }> {
  const response = await portal.request(`/api/catalog${path}`, { method, headers: json, body: JSON.stringify(body) })
  return { status: response.status, body: await response.json() }
}

async function register(portal: TestPortal, target: string): Promise<any> {
  return (await send(portal, 'POST', '/locations', { type: 'url', target })).body.location
}

const refOf = (target: string) => `location:default/generated-${hash('sha1', `url:${target}`)}`

describe('changing a registered location', () => {
  it('leads it elsewhere, and its entity keeps its ref', async () => {
    const server = await serveFiles({ '/a.yaml': component('a'), '/b.yaml': component('b'), '/c.yaml': component('c') })
    const portal = await started(server)
    const [a, b, c] = ['a', 'b', 'c'].map(name => ({ type: 'url', target: `${server.url}/${name}.yaml` }))
    const { id, entityRef } = await register(portal, a!.target)
    const other = await register(portal, c!.target)
    await until(async () => expect(await names(portal)).toEqual(['a', 'c']))
    const path = `/locations/${id}`
    expect(await send(portal, 'PUT', path, b)).toEqual({ status: 200, body: { id, ...b, entityRef } })
    await until(async () => expect(await names(portal)).toEqual(['b', 'c']))
    expect(entityRef).toBe(refOf(a!.target))
    const entity = await portal.get(`/api/catalog/entities/by-name/${entityRef.replace(':', '/')}`)
    expect(entity.spec).toEqual(b)
    expect(entity.metadata.annotations['backstage.io/managed-by-origin-location']).toBe(`url:${b!.target}`)
    expect((await find(portal, 'b')).metadata.annotations['backstage.io/managed-by-origin-location']).toBe(`url:${b!.target}`)
    expect(await portal.get(`/api/catalog${path}`)).toEqual({ id, ...b, entityRef })
    expect(await portal.get('/api/catalog/locations/by-entity/component/default/b')).toEqual({ id, ...b, entityRef })
    expect(await portal.get('/api/catalog/locations')).toContainEqual({ data: { id, ...b, entityRef } })

    expect(await send(portal, 'PUT', path, b)).toEqual({ status: 200, body: { id, ...b, entityRef } })
    expect(await send(portal, 'PUT', path, c)).toMatchObject({
      status: 409,
      body: { error: { name: 'ConflictError', message: `Location url:${c!.target} already exists` } },
    })
    const again = await send(portal, 'POST', '/locations', a)
    expect([again.status, again.body.error.code]).toEqual([409, 'LOCATION_NAME_TAKEN'])
    expect(await send(portal, 'PUT', path, a)).toEqual({ status: 200, body: { id, ...a, entityRef } })
    await until(async () => expect(await names(portal)).toEqual(['a', 'c']))
    expect((await portal.request(`/api/catalog/locations/${id}`, { method: 'DELETE' })).status).toBe(204)
    await until(async () => expect(await names(portal)).toEqual(['c']))
    expect((await portal.get('/api/catalog/locations')).map((each: any) => each.data.id)).toEqual([other.id])
  })

  it('is refused for an unknown id, a malformed body, and in a catalog that is read-only', async () => {
    const server = await serveFiles()
    const portal = await started(server)
    const body = { type: 'url', target: `${server.url}/a.yaml` }
    expect(await send(portal, 'PUT', `/locations/${UNKNOWN}`, body)).toMatchObject({
      status: 404,
      body: { error: { name: 'NotFoundError', message: `Found no location with ID ${UNKNOWN}` } },
    })
    expect((await send(portal, 'PUT', '/locations/x', body)).status).toBe(404)
    expect((await send(portal, 'PUT', `/locations/${UNKNOWN}`, { type: 'url' })).body.error.message).toMatch('Malformed location')
    expect((await send(portal, 'PUT', `/locations/${UNKNOWN}`, {})).body.error.message).toBe('Empty request body')
    const readonly = await started(server, { catalog: { readonly: true } })
    expect((await send(readonly, 'PUT', `/locations/${UNKNOWN}`, body)).body.error.code).toBe('CATALOG_READONLY')
  })
})

describe('asking for registered locations', () => {
  it('pages by id through what a predicate finds, with the total', async () => {
    const server = await serveFiles()
    const portal = await started(server)
    const all = []
    for (const name of ['Apple', 'banana', 'cherry']) all.push(await register(portal, `${server.url}/${name}.yaml`))
    all.sort((x, y) => (x.id < y.id ? -1 : 1))
    const query = async (body: object) => (await send(portal, 'POST', '/locations/by-query', body)).body
    const everything = { items: all, totalItems: 3, pageInfo: {} }
    expect(await query({})).toEqual(everything)
    expect(await query({ query: {} })).toEqual(everything)
    for (const empty of [{ $all: [] }, { $any: [] }]) {
      expect(await query({ query: empty })).toEqual({ items: [], totalItems: 0, pageInfo: {} })
    }
    const first = await query({ limit: 2, query: { type: 'URL' } })
    expect(first).toEqual({ items: all.slice(0, 2), totalItems: 3, pageInfo: { nextCursor: expect.any(String) } })
    expect(await query({ limit: 2, cursor: first.pageInfo.nextCursor })).toEqual({
      items: all.slice(2),
      totalItems: 3,
      pageInfo: {},
    })
    const targets = async (predicate: object) =>
      (await query({ query: predicate })).items.map((each: any) => each.target.replace(`${server.url}/`, '')).toSorted()
    expect(await targets({ target: `${server.url}/apple.yaml` })).toEqual(['Apple.yaml'])
    expect(await targets({ target: { $hasPrefix: `${server.url}/b` } })).toEqual(['banana.yaml'])
    expect(await targets({ $not: { target: { $hasPrefix: `${server.url}/b` } } })).toEqual(['Apple.yaml', 'cherry.yaml'])
    expect(await targets({ entityRef: refOf(`${server.url}/cherry.yaml`) })).toEqual(['cherry.yaml'])
    expect(await targets({ id: { $in: [all[0].id, UNKNOWN] } })).toEqual([all[0].target.replace(`${server.url}/`, '')])
    expect(await targets({ colour: { $exists: true } })).toEqual([])
    expect(await targets({ type: { $exists: true }, $not: {} }).catch(() => 'refused')).toBe('refused')
  })
})

describe('analyzing a location', () => {
  it('finds the catalog file of a repository, and whether it is registered', async () => {
    const server = await serveFiles({ '/acme/shop/blob/master/catalog-info.yaml': documents(component('shop'), group('crew')) })
    const portal = await started(server)
    const target = `${server.url}/acme/shop/blob/master/catalog-info.yaml`
    const ask = async (url: string) =>
      (await send(portal, 'POST', '/analyze-location', { location: { type: 'url', target: url } })).body
    const found = await ask(`${server.url}/acme/shop/`)
    expect(found.generateEntities).toEqual([])
    expect(found.existingEntityFiles.map((each: any) => [each.location, each.isRegistered, each.entity.kind])).toEqual(
      ['Location', 'Component', 'Group'].map(kind => [{ type: 'url', target }, false, kind]),
    )
    expect(found.existingEntityFiles[1].entity).toMatchObject({
      metadata: { name: 'shop', annotations: { 'backstage.io/managed-by-location': `url:${target}` } },
    })
    expect(await portal.get('/api/catalog/locations')).toEqual([])
    await register(portal, target)
    for (const url of [`${server.url}/acme/shop.git`, target, `${server.url}/acme/shop/tree/master`]) {
      const { existingEntityFiles } = await ask(url)
      expect([url, existingEntityFiles.map((each: any) => each.isRegistered)]).toEqual([url, [true, true, true]])
    }
  })

  it('finds every catalog file of a repository whose host gives it as an archive', async () => {
    const server = await serveFiles({})
    const id = 'a'.repeat(40)
    const archive = pack()
    archive.entry({ name: `shop-${id}/catalog-info.yaml` }, component('shop'))
    archive.entry({ name: `shop-${id}/apps/cart/catalog-info.yaml` }, component('cart'))
    archive.finalize()
    const bytes = gzipSync(await buffer(archive))
    const repository = '/api/v4/projects/acme%2Fshop/repository'
    server.files[`${repository}/commits/main`] = JSON.stringify({ id })
    server.files[`${repository}/archive.tar.gz?sha=${id}`] = (_, response) => response.end(bytes)
    server.files[`${repository}/files/catalog-info.yaml/raw?ref=main`] = component('shop')
    server.files[`${repository}/files/apps%2Fcart%2Fcatalog-info.yaml/raw?ref=main`] = component('cart')
    const gitlab = [{ host: server.host, baseUrl: server.url, apiBaseUrl: `${server.url}/api/v4` }]
    const portal = await started(server, { integrations: { gitlab } })
    const { body } = await send(portal, 'POST', '/analyze-location', {
      location: { type: 'url', target: `${server.url}/acme/shop` },
    })
    const found = body.existingEntityFiles.filter((each: any) => each.entity.kind === 'Component')
    expect(found.map((each: any) => [each.location.target, each.entity.metadata.name])).toEqual([
      [`${server.url}/acme/shop/blob/main/apps/cart/catalog-info.yaml`, 'cart'],
      [`${server.url}/acme/shop/blob/main/catalog-info.yaml`, 'shop'],
    ])
  })

  it.each([
    ['catalogFilename', 'portal.yaml'],
    ['catalogFileName', 'portal.yaml'],
  ])('looks for another file when %s says so', async (key, file) => {
    const server = await serveFiles({ '/acme/shop/blob/main/portal.yaml': component('shop') })
    const portal = await started(server)
    const body = { location: { type: 'url', target: `${server.url}/acme/shop` }, [key]: file }
    const answer = await send(portal, 'POST', '/analyze-location', body)
    expect(answer.body.existingEntityFiles.map((each: any) => each.entity.metadata.name)).toContain('shop')
  })

  it('makes a component named after the repository where there is none', async () => {
    const server = await serveFiles()
    const portal = await started(server, { integrations: { gitlab: [{ host: server.host, baseUrl: server.url }] } })
    const ask = (target: string) => send(portal, 'POST', '/analyze-location', { location: { type: 'url', target } })
    expect(await ask(`${server.url}/acme/tools/big%20shop`)).toEqual({
      status: 200,
      body: {
        existingEntityFiles: [],
        generateEntities: [
          {
            entity: {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Component',
              metadata: { name: 'big-20shop', annotations: { 'gitlab.com/project-slug': 'acme/tools/big%20shop' } },
              spec: { type: 'other', lifecycle: 'unknown' },
            },
            fields: [],
          },
        ],
      },
    })
    expect(await ask(`${server.url}/acme`)).toMatchObject({ status: 400, body: { error: { code: 'CATALOG_LOCATION_TARGET' } } })
    expect(await ask('nonsense')).toMatchObject({ status: 400, body: { error: { code: 'CATALOG_LOCATION_TARGET' } } })
    expect(await ask('http://elsewhere.example/acme/shop')).toMatchObject({
      status: 403,
      body: { error: { code: 'READ_HOST_NOT_ALLOWED' } },
    })
    expect((await portal.post('/api/catalog/analyze-location', undefined, {})).status).toBe(400)
    expect((await send(portal, 'POST', '/analyze-location', { location: 'x' })).body.error.message).toMatch('Malformed request')
    expect((await send(portal, 'POST', '/analyze-location', { location: { type: 'file', target: '/x' } })).body.error.code).toBe(
      'LOCATION_TYPE_NOT_ALLOWED',
    )
  })

  it('tells what is wrong with the file that it finds', async () => {
    const server = await serveFiles({ '/acme/shop/blob/main/catalog-info.yaml': component('shop', { owner: 1 }) })
    const portal = await started(server)
    const body = { location: { type: 'url', target: `${server.url}/acme/shop` } }
    expect(await send(portal, 'POST', '/analyze-location', body)).toMatchObject({
      status: 400,
      body: { error: { code: 'LOCATION_DRY_RUN', message: expect.stringContaining('/spec/owner') } },
    })
  })
})
