import { defineService, definePlugin, list, respond, stack, stat, table, text, z, type Entity, type Plugin } from '@callboard/sdk'
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { mkdir, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createFolder, createTestPortal, until } from './testkit/createTestPortal.ts'
import { component, documents } from './testkit/descriptors.ts'
import { find, names, problems, versions } from './testkit/readCatalog.ts'
import { serveFiles } from './testkit/serveFiles.ts'

const json = { 'content-type': 'application/json' }

function entity(name: string, spec: object = {}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name },
    spec: { type: 'service', lifecycle: 'production', owner: 'crew', ...spec },
  }
}

describe('routes of a plugin', () => {
  it('have all verbs, typed parameters, checked queries and bodies, and the actor', async () => {
    const plugin = definePlugin({
      name: 'shelf-2',
      setup(portal) {
        portal.get('/', {}, () => ({ hello: 'world' }))
        portal.get('/books/:id/*', { query: z.object({ count: z.coerce.number().int() }) }, ({ params, query, actor }) => ({
          params,
          query,
          actor,
        }))
        portal.post(
          '/books',
          { body: z.object({ title: z.string() }), status: 201, reply: z.object({ title: z.string() }) },
          ({ body }) => ({ ...body, dropped: true }),
        )
        portal.put('/books/:id', { body: z.object({ title: z.string() }) }, ({ params, body }) => ({ ...params, ...body }))
        portal.patch('/books/:id', {}, ({ params, body }) => ({ ...params, body }))
        portal.delete('/books/:id', {}, () => respond(undefined, { status: 204 }))
        portal.get('/text', {}, () => respond('a,b\n', { headers: { 'content-type': 'text/csv', 'x-own': '1' } }))
        portal.get('/wrong', { reply: z.object({ title: z.string() }) }, () => ({ title: 1 }) as never)
        portal.get('/fails', {}, () => {
          throw new Error('the inside: password 123')
        })
        portal.get('/secret', { permission: { name: 'shelf.read' } }, () => ({}))
        portal.policy(({ permission }) => (permission.name === 'shelf.read' ? 'deny' : 'allow'))
      },
    })
    const portal = await createTestPortal({ plugins: [plugin] })
    expect(await portal.get('/api/shelf-2')).toEqual({ hello: 'world' })
    expect(await portal.get('/api/shelf-2/books/7/a/b?count=3')).toEqual({
      params: { id: '7', '*': 'a/b' },
      query: { count: 3 },
      actor: { type: 'user', id: 'user:development/guest', ownershipRefs: ['user:development/guest'] },
    })
    const send = async (method: string, path: string, body?: object) => {
      const response = await portal.request(`/api/shelf-2${path}`, {
        method,
        ...(body ? { headers: json, body: JSON.stringify(body) } : {}),
      })
      const answer = await response.text()
      return [response.status, answer && JSON.parse(answer)]
    }
    expect(await send('POST', '/books', { title: 'x' })).toEqual([201, { title: 'x' }])
    expect(await send('PUT', '/books/1', { title: 'x' })).toEqual([200, { id: '1', title: 'x' }])
    expect(await send('PATCH', '/books/1', { free: [1] })).toEqual([200, { id: '1', body: { free: [1] } }])
    expect(await send('DELETE', '/books/1')).toEqual([204, ''])
    const csv = await portal.request('/api/shelf-2/text')
    expect([csv.headers.get('content-type'), csv.headers.get('x-own'), await csv.text()]).toEqual(['text/csv', '1', 'a,b\n'])

    const code = async (method: string, path: string, body?: object) => {
      const [status, answer] = await send(method, path, body)
      return [status, answer.error.code, answer.error.message]
    }
    expect(await code('GET', '/books/7/a?count=three')).toEqual([400, 'REQUEST_INVALID', expect.stringContaining('count')])
    expect(await code('GET', '/books/7/a?count=3&other=1')).toEqual([400, 'REQUEST_INVALID', expect.stringContaining('other')])
    expect(await code('POST', '/books', { title: 1 })).toEqual([400, 'REQUEST_INVALID', expect.stringContaining('title')])
    expect(await code('POST', '/books')).toEqual([400, 'REQUEST_INVALID', expect.any(String)])
    expect(await code('GET', '/wrong')).toEqual([500, 'PLUGIN_REPLY', expect.stringContaining('shelf-2')])
    expect(await code('GET', '/fails')).toEqual([500, 'UNEXPECTED', 'Something went wrong inside the portal.'])
    expect(await code('GET', '/secret')).toEqual([
      403,
      'PERMISSION_DENIED',
      'user:development/guest is not allowed to do this (shelf.read).',
    ])
    expect(await code('GET', '/none')).toEqual([404, 'ROUTE_NOT_FOUND', 'There is nothing at GET /api/shelf-2/none.'])
    expect(portal.log.some(line => line.includes('the inside'))).toBe(true)
  })

  it('fetch JSON through the portal’s own client and check its shape', async () => {
    const server = await serveFiles({ '/good.json': '{"price":7}', '/bad.json': '{"price":"much"}', '/text.json': 'oops' })
    const plugin = definePlugin({
      name: 'prices',
      setup: portal =>
        portal.get('/:file', {}, ({ params }) =>
          portal.fetchJson(`${server.url}/${params.file}`, z.object({ price: z.number() })),
        ),
    })
    const portal = await createTestPortal({
      plugins: [plugin],
      config: { backend: { reading: { allow: [{ host: server.host }] } } },
    })
    const code = async (file: string) => (await (await portal.request(`/api/prices/${file}`)).json()).error.code
    expect(await portal.get('/api/prices/good.json')).toEqual({ price: 7 })
    expect(await code('bad.json')).toBe('UPSTREAM_SHAPE')
    expect(await code('text.json')).toBe('UPSTREAM_SHAPE')
    expect(await code('none.json')).toBe('READ_NOT_FOUND')
    const closed = await createTestPortal({ plugins: [plugin] })
    expect((await (await closed.request('/api/prices/good.json')).json()).error.code).toBe('READ_HOST_NOT_ALLOWED')
  })
})

describe('the database of a plugin', () => {
  it('has a schema of its own with its migrations, and work by interval and by event', async () => {
    const folder = await createFolder()
    await mkdir(join(folder, 'migrations'))
    await writeFile(join(folder, 'migrations/001-visits.sql'), 'create table visit (ref text primary key, times int not null);\n')
    await writeFile(
      join(folder, 'migrations/002-seed.sql'),
      "-- The first one; it has a semicolon.\ninsert into visit values ('start', 1);\n",
    )
    const runs: number[] = []
    const plugin = definePlugin({
      name: 'visit-count',
      migrations: pathToFileURL(`${folder}/migrations/`),
      setup(portal) {
        portal.on('catalog.changed', async ({ refs }) => {
          for (const ref of refs) {
            await portal.db
              .insertInto('visit')
              .values({ ref, times: 1 })
              .onConflict(on => on.column('ref').doUpdateSet({ times: 2 }))
              .execute()
          }
        })
        portal.on('catalog.changed', () => {
          throw new Error('a listener that fails')
        })
        portal.every('1 second', () => void runs.push(Date.now()))
        portal.get('/', {}, async () => ({ items: await portal.db.selectFrom('visit').selectAll().orderBy('ref').execute() }))
      },
    })
    const portal = await createTestPortal({ plugins: [plugin], files: { 'catalog-info.yaml': component('a') } })
    await until(async () =>
      expect((await portal.get('/api/visit-count')).items).toEqual([
        { ref: 'component:default/a', times: 1 },
        { ref: expect.stringMatching(/^location:default\/generated-/), times: 1 },
        { ref: 'start', times: 1 },
      ]),
    )
    await until(() => expect(runs.length).toBeGreaterThan(1), 20_000)
    expect(portal.log.some(line => line.includes('A listener of catalog.changed failed'))).toBe(true)
    expect(portal.plugins.find(each => each.name === 'visit-count')).toEqual({
      name: 'visit-count',
      from: expect.any(String),
      routes: ['GET /api/visit-count'],
      cards: [],
      tabs: [],
      kinds: [],
      pages: [],
      sources: [],
      jobs: ['every 1 second'],
      events: ['catalog.changed', 'catalog.changed'],
      policies: 0,
      provides: [],
      uses: [],
    })
  })
})

describe('cards and pages of a plugin', () => {
  it('are shown where their query says, as data', async () => {
    const plugin = definePlugin({
      name: 'costs',
      setup(portal) {
        portal.card({
          title: 'Cost',
          for: 'kind:component type:service',
          view: ({ metadata }) => table([{ name: metadata.name, euro: 7 }]),
        })
        portal.card({
          title: 'Everywhere',
          view: (_entity, { actor }) => stack(text(actor.id), list(['x']), stat({ label: 'n', value: 1 })),
        })
        portal.card({ title: 'Broken', for: 'name:a', view: () => Promise.reject(new Error('no data')) })
        portal.card({ title: 'Empty', for: 'name:a', view: () => undefined as never })
        portal.page({ title: 'All costs', view: () => text('all') })
        portal.page({ title: 'More', path: '/more', view: () => Promise.reject(new Error('down')) })
      },
    })
    const portal = await createTestPortal({
      plugins: [plugin],
      files: { 'catalog-info.yaml': documents(component('a'), component('b', { type: 'library' })) },
    })
    await until(async () => expect(await names(portal)).toEqual(['a', 'b']))
    const cards = async (name: string) => (await portal.get(`/api/shell/cards?entityRef=component:default/${name}`)).items
    expect(await cards('a')).toEqual([
      { id: 'costs/1', title: 'Cost', plugin: 'costs' },
      { id: 'costs/2', title: 'Everywhere', plugin: 'costs' },
      { id: 'costs/3', title: 'Broken', plugin: 'costs' },
      { id: 'costs/4', title: 'Empty', plugin: 'costs' },
    ])
    expect((await cards('b')).map((card: any) => card.title)).toEqual(['Everywhere'])
    const view = (id: string, name = 'a') => portal.request(`/api/shell/cards/view?id=${id}&entityRef=component:default/${name}`)
    expect(await (await view('costs/1')).json()).toEqual({ view: { view: 'table', columns: ['name', 'euro'], rows: [['a', 7]] } })
    expect(await (await view('costs/2')).json()).toEqual({
      view: {
        view: 'stack',
        views: [
          { view: 'text', text: 'user:development/guest' },
          { view: 'list', items: ['x'] },
          { view: 'stat', stats: [{ label: 'n', value: 1 }] },
        ],
      },
    })
    const failed = await view('costs/3')
    expect([failed.status, await failed.json()]).toEqual([
      502,
      {
        error: {
          name: 'Error',
          message: 'The plugin costs could not make this view: no data',
          code: 'CARD_FAILED',
          hint: expect.any(String),
          where: 'plugin costs',
        },
        request: { method: 'GET', url: '/api/shell/cards/view?id=costs/3&entityRef=component:default/a' },
        response: { statusCode: 502 },
      },
    ])
    expect((await (await view('costs/4')).json()).error.message).toBe(
      'The plugin costs could not make this view: it returned no view',
    )
    expect((await view('costs/1', 'b')).status).toBe(404)
    expect(await portal.get('/api/shell/pages')).toEqual({
      items: [
        { id: 'costs/1', title: 'All costs', path: '/plugins/costs', plugin: 'costs' },
        { id: 'costs/2', title: 'More', path: '/plugins/costs/more', plugin: 'costs' },
      ],
    })
    expect(await portal.get('/api/shell/pages/view?id=costs/1')).toEqual({ view: { view: 'text', text: 'all' } })
    expect((await portal.request('/api/shell/pages/view?id=costs/2')).status).toBe(502)
    expect((await portal.request('/api/shell/pages/view?id=costs/9')).status).toBe(404)
  })
})

describe('a source of a plugin', () => {
  it('that tells all of its entities adds, changes and removes them', async () => {
    let now: Entity[] = [entity('one'), entity('two'), { ...entity('bad'), spec: {} }]
    const plugin = definePlugin({
      name: 'erp',
      setup: portal => portal.source({ name: 'things', every: '1 second', read: () => ({ type: 'full', entities: now }) }),
    })
    const portal = await createTestPortal({ plugins: [plugin] })
    await until(async () => expect(await names(portal)).toEqual(['one', 'two']), 20_000)
    expect((await find(portal, 'one')).metadata.annotations).toEqual({
      'backstage.io/managed-by-location': 'plugin:erp/things',
      'backstage.io/managed-by-origin-location': 'plugin:erp/things',
    })
    expect(await problems(portal)).toMatchObject([
      { code: 'DESCRIPTOR_KIND', ref: 'component:default/bad', location: 'plugin:erp/things' },
    ])
    now = [entity('two', { type: 'library' })]
    await until(async () => expect(await names(portal)).toEqual(['two']), 20_000)
    expect((await find(portal, 'two')).spec.type).toBe('library')
    expect(await versions(portal, 'two')).toMatchObject([
      { version: 2, cause: 'changed', actor: 'system', location: 'plugin:erp/things' },
      { version: 1 },
    ])
    expect(await problems(portal)).toEqual([])
  })

  it('that tells what changed leaves everything else as it is, and one that fails keeps what it told', async () => {
    let answer: () => any = () => ({ type: 'delta', upsert: [entity('one'), entity('two')], remove: [] })
    const plugin = definePlugin({
      name: 'feed',
      setup: portal => portal.source({ name: 'things', every: '1 second', read: () => answer() }),
    })
    const portal = await createTestPortal({ plugins: [plugin] })
    await until(async () => expect(await names(portal)).toEqual(['one', 'two']), 20_000)
    answer = () => ({ type: 'delta', upsert: [entity('three')], remove: ['component:default/one'] })
    await until(async () => expect(await names(portal)).toEqual(['three', 'two']), 20_000)
    answer = () => {
      throw new Error('the feed is down')
    }
    await until(async () => expect(await problems(portal)).toMatchObject([{ location: 'plugin:feed/things' }]), 20_000)
    expect(await names(portal)).toEqual(['three', 'two'])
    answer = () => ({ type: 'delta', upsert: [], remove: ['Component:default/Two'] })
    await until(async () => expect(await names(portal)).toEqual(['three']), 20_000)
    expect(await problems(portal)).toEqual([])
  })

  it('without an interval is read at the start', async () => {
    const plugin = definePlugin({
      name: 'once',
      setup: portal => portal.source({ name: 'things', read: () => ({ type: 'full', entities: [entity('one')] }) }),
    })
    const portal = await createTestPortal({ plugins: [plugin] })
    await until(async () => expect(await names(portal)).toEqual(['one']))
  })
})

describe('services between plugins', () => {
  const greeter = defineService<{ greet(name: string): string }>('greeter')
  const uses = definePlugin({
    name: 'uses',
    setup(portal) {
      const service = portal.use(greeter)
      portal.get('/', {}, () => ({ said: service.greet('you') }))
    },
  })
  const provides = definePlugin({
    name: 'provides',
    setup: portal => portal.provide(greeter, { greet: name => `hello ${name}` }),
  })

  it.each([
    ['after', [provides, uses]],
    ['before', [uses, provides]],
  ])('work whether the user is set up %s the provider', async (_, plugins: Plugin[]) => {
    const portal = await createTestPortal({ plugins })
    expect(await portal.get('/api/uses')).toEqual({ said: 'hello you' })
  })

  it('that nobody provides, or two do, stop the start', async () => {
    await expect(createTestPortal({ plugins: [uses] })).rejects.toMatchObject({
      code: 'PLUGIN_SERVICE_MISSING',
      message: 'The plugin uses uses the service greeter, which no plugin provides.',
    })
    const again = { ...provides, name: 'again' }
    await expect(createTestPortal({ plugins: [provides, again] })).rejects.toMatchObject({
      code: 'PLUGIN_SERVICE_TAKEN',
      message: 'The service greeter is provided by provides and by again.',
    })
    await expect(createTestPortal({ plugins: [provides, provides] })).rejects.toMatchObject({ code: 'PLUGIN_NAME_TAKEN' })
  })
})
