import { hash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, document, documents } from '../../testkit/descriptors.ts'
import { find, names } from '../../testkit/readCatalog.ts'
import { serveFiles, type FileServer } from '../../testkit/serveFiles.ts'

async function started(server: FileServer, catalog: object = {}): Promise<TestPortal> {
  return createTestPortal({ config: { backend: { reading: { allow: [{ host: server.host }] } }, catalog } })
}

async function answerOf(response: Response): Promise<{ status: number; body: any }> {
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : undefined }
}

const refOf = (target: string) => `location:default/generated-${hash('sha1', `url:${target}`)}`

describe('registering a location', () => {
  it('as a dry run answers what would come, and stores nothing', async () => {
    const server = await serveFiles({
      '/all.yaml': documents(document('Location', 'all', { target: './a.yaml' })),
      '/a.yaml': component('a'),
    })
    const portal = await started(server)
    const target = `${server.url}/all.yaml`
    const { status, body } = await answerOf(await portal.post('/api/catalog/locations?dryRun=true', { type: 'url', target }))
    expect(status).toBe(201)
    expect({ ...body, entities: body.entities.map((each: any) => [each.kind, each.metadata.name]) }).toEqual({
      exists: false,
      location: { id: `url:${target}`, type: 'url', target, entityRef: refOf(target) },
      entities: [
        ['Location', refOf(target).slice('location:default/'.length)],
        ['Location', 'all'],
        ['Component', 'a'],
      ],
    })
    expect(body.entities[2]).toMatchObject({
      metadata: {
        annotations: {
          'backstage.io/managed-by-location': `url:${server.url}/a.yaml`,
          'backstage.io/managed-by-origin-location': `url:${target}`,
        },
      },
    })
    expect(await portal.get('/api/catalog/locations')).toEqual([])
    expect(await portal.get('/api/catalog/entities')).toEqual([])
    expect((await portal.get('/api/catalog/problems')).items).toEqual([])
  })

  it('as a dry run of something broken answers with every reason', async () => {
    const server = await serveFiles({
      '/bad.yaml': documents(
        component('x', { owner: 1 }),
        component('y'),
        document('Location', 'l', { targets: ['./gone.yaml', './dup.yaml'] }),
      ),
      '/dup.yaml': component('y'),
    })
    const portal = await started(server)
    const { status, body } = await answerOf(
      await portal.post('/api/catalog/locations?dryRun=yes', { type: 'url', target: `${server.url}/bad.yaml` }),
    )
    expect([status, body.error.name, body.error.code]).toEqual([400, 'InputError', 'LOCATION_DRY_RUN'])
    expect(body.error.message).toContain('component:default/x: /spec/owner')
    expect(body.error.message).toContain(`${server.url}/gone.yaml was not found.`)
    expect(body.error.message).toContain('Duplicate nested entity: component:default/y')
  })

  it('brings its entities, is found by id and by entity, and takes them with it when it is deleted', async () => {
    const server = await serveFiles({
      '/all.yaml': documents(component('root'), document('Location', 'all', { target: './a.yaml' })),
      '/a.yaml': component('a'),
    })
    const portal = await started(server)
    const target = `${server.url}/all.yaml`
    const created = await answerOf(await portal.post('/api/catalog/locations', { type: 'url', target }))
    const id = created.body.location.id
    const location = { id, type: 'url', target, entityRef: refOf(target) }
    expect(created).toEqual({ status: 201, body: { location, entities: [] } })
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    await until(async () => expect(await names(portal)).toEqual(['a', 'root']))
    expect((await find(portal, 'a')).metadata.annotations['backstage.io/managed-by-origin-location']).toBe(`url:${target}`)

    expect(await portal.get('/api/catalog/locations')).toEqual([{ data: location }])
    expect(await portal.get(`/api/catalog/locations/${id}`)).toEqual(location)
    expect(await portal.get('/api/catalog/locations/by-entity/Component/default/A')).toEqual(location)
    const name = refOf(target).split('/')[1]
    const entity = await portal.get(`/api/catalog/entities/by-name/location/default/${name}`)
    expect(entity).toEqual({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Location',
      metadata: {
        name,
        namespace: 'default',
        uid: expect.any(String),
        etag: expect.stringMatching(/^[0-9a-f]{40}$/),
        annotations: {
          'backstage.io/managed-by-location': `url:${target}`,
          'backstage.io/managed-by-origin-location': `url:${target}`,
          'backstage.io/view-url': target,
          'backstage.io/edit-url': target,
          'backstage.io/source-location': `url:${server.url}/`,
        },
      },
      spec: { type: 'url', target },
      relations: [],
    })
    const again = await answerOf(await portal.post('/api/catalog/locations?dryRun=1', { type: 'url', target }))
    expect(again.body.exists).toBe(true)

    const deleted = await portal.request(`/api/catalog/locations/${id}`, { method: 'DELETE' })
    expect([deleted.status, await deleted.text()]).toEqual([204, ''])
    expect(await portal.get('/api/catalog/entities')).toEqual([])
    expect((await portal.request(`/api/catalog/locations/${id}`)).status).toBe(404)
    expect((await portal.request(`/api/catalog/locations/${id}`, { method: 'DELETE' })).status).toBe(404)
    expect((await portal.request('/api/catalog/locations/by-entity/component/default/a')).status).toBe(404)
  })

  it('twice is a conflict, or a refresh for whoever wants one', async () => {
    const server = await serveFiles({ '/a.yaml': component('a') })
    const portal = await started(server)
    const body = { type: 'url', target: `${server.url}/a.yaml` }
    const first = await answerOf(await portal.post('/api/catalog/locations', body))
    await until(async () => expect(await names(portal)).toEqual(['a']))
    expect(await answerOf(await portal.post('/api/catalog/locations', body))).toEqual({
      status: 409,
      body: {
        error: {
          name: 'ConflictError',
          message: `Location url:${body.target} already exists`,
          code: 'LOCATION_EXISTS',
          hint: expect.any(String),
        },
        request: { method: 'POST', url: '/api/catalog/locations' },
        response: { statusCode: 409 },
      },
    })
    server.files['/a.yaml'] = component('a', { type: 'library' })
    expect(await answerOf(await portal.post('/api/catalog/locations?onConflict=refresh', body))).toEqual(first)
    await until(async () => expect((await find(portal, 'a')).spec.type).toBe('library'))
  })

  it('twice is a refresh where the configuration says so', async () => {
    const server = await serveFiles({ '/a.yaml': component('a') })
    const portal = await started(server, { defaultLocationConflictStrategy: 'refresh' })
    const body = { type: 'url', target: `${server.url}/a.yaml` }
    const first = await answerOf(await portal.post('/api/catalog/locations', body))
    expect(await answerOf(await portal.post('/api/catalog/locations', body))).toEqual(first)
    expect((await portal.post('/api/catalog/locations?onConflict=reject', body)).status).toBe(409)
  })

  it('needs a JSON body with a type that is allowed and a target that is a URL', async () => {
    const portal = await createTestPortal()
    const json = { 'content-type': 'application/json' }
    const send = async (body: string | undefined, headers: Record<string, string>) => {
      const response = await portal.request('/api/catalog/locations', {
        method: 'POST',
        headers,
        ...(body === undefined ? {} : { body: Buffer.from(body) }),
      })
      return [response.status, (await response.json()).error.message]
    }
    expect(await send(undefined, {})).toEqual([400, 'Content-Type missing'])
    expect(await send('x', { 'content-type': 'text/plain' })).toEqual([400, 'Illegal Content-Type'])
    expect(await send('', json)).toEqual([400, 'Missing request body'])
    expect(await send('{}', json)).toEqual([400, 'Empty request body'])
    expect(await send('{"type":"url","target":"http://x","more":1}', json)).toEqual([
      400,
      expect.stringContaining('Malformed location'),
    ])
    expect(await send('{"type":"file","target":"/etc/passwd"}', json)).toEqual([
      400,
      "Registered locations must be of an allowed type ['url'], not 'file'",
    ])
    expect(await send('{"type":"url","target":"./here"}', json)).toEqual([
      400,
      'The target ./here cannot be used: it is not an http(s) URL',
    ])
    expect(await send('{"type":"url","target":"javascript:alert(1)"}', json)).toEqual([
      400,
      expect.stringContaining('not an http(s) URL'),
    ])
    expect(await send('{"type":', json)).toEqual([400, expect.any(String)])
  })

  it('is refused by a catalog that is read-only, but a dry run is not', async () => {
    const server = await serveFiles({ '/a.yaml': component('a') })
    const portal = await started(server, { readonly: true })
    const body = { type: 'url', target: `${server.url}/a.yaml` }
    const refused = await answerOf(await portal.post('/api/catalog/locations', body))
    expect([refused.status, refused.body.error.name, refused.body.error.code]).toEqual([
      403,
      'NotAllowedError',
      'CATALOG_READONLY',
    ])
    expect((await portal.post('/api/catalog/locations?dryRun=true', body)).status).toBe(201)
    expect((await portal.request('/api/catalog/locations/x', { method: 'DELETE' })).status).toBe(403)
  })
})
