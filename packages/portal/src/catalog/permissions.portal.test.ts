import { definePlugin, text, type Decision, type Policy } from '@callboard/sdk'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../testkit/createTestPortal.ts'
import { component, document, documents, group } from '../testkit/descriptors.ts'

const TOKEN = 'the-token-of-the-auditor'
const AUDITOR = { authorization: `Bearer ${TOKEN}` }
const backend = { auth: { externalAccess: [{ type: 'static', options: { token: TOKEN, subject: 'auditor' } }] } }
const rules = [{ allow: ['Component', 'Group', 'Location', 'API'] }]

function policyPlugin(name: string, policy: Policy) {
  return definePlugin({ name, setup: portal => portal.policy(policy) })
}

/** The auditor may do everything; for the guest it is as `decide` says. */
function forGuest(decide: (permission: string) => Decision): Policy {
  return ({ actor, permission }) => (actor.id === 'auditor' ? 'allow' : decide(permission.name))
}

const cards = definePlugin({
  name: 'cards',
  setup: portal => portal.card({ title: 'Every', view: entity => text(entity.metadata.name) }),
})

const SECRET = { labels: { visibility: 'secret' } }
const secret = component(
  'hushhush',
  { type: 'hushtype', lifecycle: 'hushlife', dependsOn: ['component:plain'], providesApis: ['hushapi'], system: 'hushsystem' },
  { ...SECRET, title: 'Hush plan', description: 'hush', tags: ['hushtag'], annotations: { 'hush.example.com/id': 'hush' } },
)

async function withSecret(policies: Policy[]): Promise<TestPortal> {
  const portal = await createTestPortal({
    config: { backend, catalog: { rules, locations: [{ type: 'file', target: './*/*.yaml' }] } },
    plugins: [cards, ...policies.map((policy, index) => policyPlugin(`policy-${index}`, policy))],
    files: {
      'x/org.yaml': group('crew'),
      'x/apps.yaml': documents(
        component('plain'),
        document('API', 'books', { type: 'openapi', lifecycle: 'production', owner: 'crew', definition: 'x' }),
      ),
      'x/one.yaml': documents(secret, document('Location', 'hush-location', { target: './deep/leaf.yaml' }, SECRET)),
      'x/deep/leaf.yaml': component('leaf'),
      // Another file claims the hidden name, and the hidden document has become invalid: both are problems that name it.
      'x/two.yaml': component('hushhush'),
    },
  })
  const auditor = (path: string) => portal.get(path, { headers: AUDITOR })
  await until(async () => expect((await auditor('/api/catalog/entities/by-query?limit=0')).totalItems).toBe(7))
  await portal.write(
    'x/one.yaml',
    documents(
      secret.replace('"owner":"crew"', '"owner":1'),
      document('Location', 'hush-location', { target: './deep/leaf.yaml' }, SECRET),
    ),
  )
  await until(async () =>
    expect((await auditor('/api/catalog/problems')).items.map((each: any) => each.code).toSorted()).toEqual([
      'CATALOG_CONFLICT',
      'DESCRIPTOR_KIND',
    ]),
  )
  return portal
}

const NO_UID = '00000000-0000-4000-8000-000000000000'
const LOCATION = 'url:https://example.com/x.yaml'

/** What is sent to the routes that take a body; `{name}` is the hidden entity, or one that there has never been. */
const BODIES: Record<string, object[]> = {
  '/api/catalog/entities/by-query': [
    {},
    { limit: 0 },
    { limit: 2, orderBy: [{ field: 'metadata.name', order: 'desc' }] },
    { query: { 'metadata.name': '{name}' } },
    { query: { 'metadata.name': { $hasPrefix: 'hush' } } },
    { query: { $not: { 'metadata.name': { $in: ['{name}', 'plain'] } } } },
    { query: { relations: { $contains: { type: 'dependencyOf', targetRef: 'component:default/{name}' } } } },
    { query: { relations: { $contains: { type: 'dependencyOf' } } } },
    { query: { 'metadata.annotations.hush.example.com/id': { $exists: true } } },
    { fullTextFilter: { term: '{name}', fields: ['metadata.name', 'metadata.title'] } },
  ],
  '/api/catalog/entities/by-refs': [{ entityRefs: ['component:default/{name}', 'component:default/plain'] }],
  '/api/catalog/entity-facets': [
    { facets: ['kind', 'metadata.name', 'metadata.tags', 'spec.type', 'relations.dependencyOf', 'relations.ownerOf'] },
    { facets: ['kind', 'relations.dependencyOf'], query: { 'metadata.name': { $in: ['{name}', 'plain'] } } },
  ],
  '/api/catalog/refresh': [{ entityRef: 'component:default/{name}' }],
  '/api/catalog/validate-entity': [{ entity: JSON.parse(component('{name}')), location: LOCATION }],
  '/api/catalog/locations': [{ type: 'file', target: '{name}' }],
  '/api/catalog/locations/by-query': [{}, { query: { entityRef: 'component:default/{name}' } }],
  '/api/catalog/analyze-location': [{ location: { type: 'file', target: '{name}' } }],
}

const SEARCHES: Record<string, string[]> = {
  '/api/catalog/query/complete': ['?q=name%3Ah', '?q=tag%3Ah', '?q=system%3Ah', '?q=annotation.h', '?q=label.v'],
  '/api/catalog/query/explain': ['?q=name%3A{name}', '?q=tag%3Ah*'],
  '/api/catalog/entities': ['?filter=metadata.name={name}', '?order=desc:metadata.name&limit=2', '?q={name}'],
  '/api/catalog/entities/by-query': [
    '?filter=metadata.name={name}',
    '?filter=relations.dependencyOf=component:default/{name}',
    '?filter=relations.dependencyOf&limit=0',
    '?orderField=metadata.annotations.hush.example.com/id',
    '?fullTextFilterTerm={name}&fullTextFilterFields=metadata.name',
    '?q={name}',
    `?q=${encodeURIComponent('dependencyOf+>(name:')}{name})`,
    `?q=${encodeURIComponent('-dependencyOf>(name:')}{name})`,
  ],
  '/api/catalog/entity-facets': [
    '?facet=kind&facet=metadata.name&facet=metadata.tags&facet=relations.dependencyOf&facet=relations.ownerOf',
    '?facet=kind&filter=metadata.name={name}&filter=kind=group',
  ],
  '/api/catalog/problems': ['?ref=component:default/{name}'],
}

const HIDE = forGuest(() => ({ when: '-label.visibility:secret' }))
/** Only reading is limited: everything else must follow from what can be read. */
const HIDE_READING = forGuest(permission =>
  permission === 'catalog.entity.read' ? { when: '-label.visibility:secret' } : 'allow',
)

describe('a hidden entity', () => {
  it('leaves no trace in any list, total, cursor, facet or relation', async () => {
    const portal = await withSecret([HIDE])
    const read = async (path: string) => {
      const response = await portal.request(`/api/catalog${path}`)
      const body = await response.text()
      expect([path, response.status, body.match(/hush/gi)]).toEqual([path, 200, null])
      return JSON.parse(body)
    }
    const visible = ['books', 'crew', 'leaf', 'plain']
    const named = (items: any[]) => items.map(each => each.metadata.name).filter(name => !name.startsWith('generated'))
    expect(named(await read('/entities?order=asc:metadata.name'))).toEqual(visible)
    expect(named(await read('/entities?order=asc:spec.type&order=asc:metadata.name&limit=50'))).toEqual([
      'books',
      'leaf',
      'plain',
      'crew',
    ])
    expect((await read('/entities/by-query?limit=0')).totalItems).toBe(5)
    expect(await read('/entities/by-query?filter=metadata.labels.visibility=secret')).toEqual({
      items: [],
      totalItems: 0,
      pageInfo: {},
    })

    const seen: string[] = []
    let page = await read('/entities/by-query?limit=1&orderField=metadata.name')
    for (;;) {
      seen.push(...page.items.map((each: any) => each.metadata.name))
      for (const cursor of Object.values<string>(page.pageInfo))
        expect(Buffer.from(cursor, 'base64url').toString()).not.toMatch(/hush/i)
      expect(page.totalItems).toBe(5)
      if (!page.pageInfo.nextCursor) break
      page = await read(`/entities/by-query?limit=1&cursor=${page.pageInfo.nextCursor}`)
    }
    expect(seen.filter(name => !name.startsWith('generated'))).toEqual(visible)

    const nothing = { items: [], totalItems: 0, pageInfo: {} }
    for (const search of [
      'filter=metadata.name=hushhush',
      'filter=metadata.tags=hushtag',
      'filter=relations.dependencyOf=component:default/hushhush',
      'filter=relations.dependencyOf',
      'filter=relations.apiConsumedBy&filter=relations.hasPart',
      'q=hush',
      'q=tag:hush*',
      'q=is:broken',
      `q=${encodeURIComponent('dependencyOf>(label.visibility:secret)')}`,
      `q=${encodeURIComponent('dependencyOf+>(kind:component)')}`,
      `q=${encodeURIComponent('ownerOf>(type:hushtype)')}`,
      'fullTextFilterTerm=hush',
      'fullTextFilterTerm=hush&fullTextFilterFields=metadata.name,metadata.title',
      'orderField=metadata.annotations.hush.example.com/id',
    ]) {
      expect([search, await read(`/entities/by-query?${search}`)]).toEqual([search, nothing])
    }

    const facets = [
      'kind',
      'spec.type',
      'spec.lifecycle',
      'spec.system',
      'metadata.name',
      'metadata.tags',
      'metadata.labels.visibility',
      'metadata.annotations.hush.example.com/id',
    ]
    const relations = [
      'relations.ownedBy',
      'relations.ownerOf',
      'relations.dependsOn',
      'relations.dependencyOf',
      'relations.providesApi',
      'relations.apiProvidedBy',
      'relations.partOf',
      'relations.hasPart',
    ]
    const { facets: counts } = JSON.parse(
      await (
        await portal.request(`/api/catalog/entity-facets?${[...facets, ...relations].map(each => `facet=${each}`).join('&')}`)
      ).text(),
    )
    expect(JSON.stringify(Object.values(counts))).not.toMatch(/hush/i)
    expect(counts).toMatchObject({
      kind: [
        { value: 'API', count: 1 },
        { value: 'Component', count: 2 },
        { value: 'Group', count: 1 },
        { value: 'Location', count: 1 },
      ],
      'spec.lifecycle': [{ value: 'production', count: 3 }],
      'metadata.tags': [],
      'metadata.labels.visibility': [],
      'relations.ownedBy': [{ value: 'group:default/crew', count: 3 }],
      'relations.ownerOf': [
        { value: 'api:default/books', count: 1 },
        { value: 'component:default/leaf', count: 1 },
        { value: 'component:default/plain', count: 1 },
      ],
      'relations.dependsOn': [],
      'relations.dependencyOf': [],
      'relations.hasPart': [],
    })

    expect((await read('/entities/by-name/group/default/crew')).relations.map((each: any) => each.targetRef)).toEqual([
      'api:default/books',
      'component:default/leaf',
      'component:default/plain',
    ])
    expect((await read('/entities/by-name/component/default/plain')).relations).toEqual([
      { type: 'ownedBy', targetRef: 'group:default/crew' },
    ])
    const ancestry = await read('/entities/by-name/component/default/leaf/ancestry')
    expect(ancestry.items.map((each: any) => [each.entity.metadata.name, each.parentEntityRefs])).toEqual([['leaf', []]])
    expect(await read('/problems')).toEqual({ items: [] })
    await read('/entities/by-name/component/default/leaf/versions')
    await read('/locations')
  })

  it.each([
    ['every permission is limited', HIDE],
    ['only reading is limited', HIDE_READING],
  ])('is answered like one that does not exist, where %s', async (_, policy) => {
    const portal = await withSecret([policy])
    const uid = (await portal.get('/api/catalog/entities/by-name/component/default/hushhush', { headers: AUDITOR })).metadata.uid
    const noUid = '00000000-0000-4000-8000-000000000000'
    const answer = async (path: string, init?: RequestInit) => {
      const response = await portal.request(path, init)
      const body = (await response.text()).replaceAll('hushhush', 'unknown').replaceAll(uid, noUid)
      return { status: response.status, body: body && JSON.parse(body) }
    }
    const alike = async (status: number, path: string, init: (name: string, uid: string) => RequestInit = () => ({})) => {
      const hidden = await answer(path.replace('NAME', 'hushhush').replace('UID', uid), init('hushhush', uid))
      expect(hidden).toEqual(await answer(path.replace('NAME', 'unknown').replace('UID', noUid), init('unknown', noUid)))
      expect([path, hidden.status]).toEqual([path, status])
      return hidden.body
    }
    const send = (method: string, body: object) => ({
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const catalog = '/api/catalog'
    await alike(404, `${catalog}/entities/by-name/component/default/NAME`)
    await alike(404, `${catalog}/entities/by-name/component/default/NAME/ancestry`)
    await alike(404, `${catalog}/entities/by-name/component/default/NAME/versions`)
    await alike(404, `${catalog}/entities/by-name/component/default/NAME/versions/1`)
    await alike(404, `${catalog}/entities/by-uid/UID`)
    await alike(404, `${catalog}/locations/by-entity/component/default/NAME`)
    expect(await alike(200, `${catalog}/problems?ref=component:default/NAME`)).toEqual({ items: [] })
    expect(
      await alike(200, `${catalog}/entities/by-refs`, name => send('POST', { entityRefs: [`component:default/${name}`] })),
    ).toEqual({ items: [null] })
    await alike(404, `${catalog}/refresh`, name => send('POST', { entityRef: `component:default/${name}` }))
    await alike(204, `${catalog}/entities/by-uid/UID`, () => ({ method: 'DELETE' }))
    expect(await alike(200, '/api/shell/cards?entityRef=component:default/NAME')).toEqual({ items: [] })
    await alike(404, '/api/shell/cards/view?id=cards/1&entityRef=component:default/NAME')
    const still = await portal.get('/api/catalog/entities/by-name/component/default/hushhush', { headers: AUDITOR })
    expect([still.metadata.uid, still.status.items.length]).toEqual([uid, 2])
    expect(await portal.get('/api/shell/cards/view?id=cards/1&entityRef=component:default/plain')).toEqual({
      view: { view: 'text', text: 'plain' },
    })
  })

  it.each([
    ['every permission is limited', HIDE],
    ['only reading is limited', HIDE_READING],
  ])('leaves no trace in the answer of any route, where %s', async (_, policy) => {
    const portal = await withSecret([policy])
    const uid = (await portal.get('/api/catalog/entities/by-name/component/default/hushhush', { headers: AUDITOR })).metadata.uid
    const hidden: Record<string, string> = { name: 'hushhush', uid, id: uid }
    const unknown: Record<string, string> = { name: 'nobody', uid: NO_UID, id: NO_UID }
    const ask = async (method: string, path: string, body: object | undefined, named: Record<string, string>) => {
      const fill = (text: string) =>
        text.replaceAll(
          /\{(\w+)\}/g,
          (_whole, key: string) => named[key] ?? { kind: 'component', namespace: 'default' }[key] ?? '1',
        )
      const response = await portal.request(fill(path), {
        method,
        ...(body ? { headers: { 'content-type': 'application/json' }, body: fill(JSON.stringify(body)) } : {}),
      })
      const text = (await response.text()).replace(/"ms":[\d.]+/, '"ms":0')
      return { status: response.status, text: text.replaceAll(named.name ?? '', 'NAME').replaceAll(named.uid ?? '', 'UID') }
    }
    const { paths } = await portal.get('/api/openapi.json')
    const routes = Object.entries<object>(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => [method.toUpperCase(), path] as const),
    )
    const read = routes.filter(([method, path]) => path.startsWith('/api/catalog') && (method === 'GET' || method === 'POST'))
    expect(read.map(([, path]) => path)).toEqual(expect.arrayContaining(Object.keys(BODIES)))
    const requests = read.flatMap(([method, path]) => {
      const bodies = method === 'POST' ? (BODIES[path] ?? [{}]) : [undefined]
      const searches = method === 'GET' ? ['', ...(SEARCHES[path] ?? [])] : ['']
      return bodies.flatMap(body => searches.map(search => ({ method, path: path + search, body })))
    })
    for (const { method, path, body } of requests) {
      const answer = await ask(method, path, body, hidden)
      const request = `${method} ${path} ${JSON.stringify(body)}`
      expect([request, answer]).toEqual([request, await ask(method, path, body, unknown)])
      expect([request, answer.status < 500, answer.text.match(/hush/gi)]).toEqual([request, true, null])
    }
  })

  it('is not named by server-sent events', async () => {
    const portal = await withSecret([HIDE])
    const stop = new AbortController()
    const stream = await portal.request('/api/events', { signal: stop.signal })
    let received = ''
    const reading = (async () => {
      for await (const chunk of stream.body ?? []) received += Buffer.from(chunk).toString()
    })().catch(() => undefined)
    await portal.write('x/one.yaml', secret.replace('hushlife', 'production'))
    await until(() => expect(received).toMatch(/event: catalog.changed\ndata: \{"revision":\d+\}\n\n/))
    expect(received).not.toMatch(/hush/i)
    stop.abort()
    await reading
  })
})

describe('a policy', () => {
  const files = {
    'catalog-info.yaml': documents(
      component('mine'),
      component('theirs', { owner: 'others' }),
      component('secret', {}, SECRET),
      group('crew'),
    ),
  }
  const names = async (portal: TestPortal, init?: RequestInit) =>
    (await portal.get('/api/catalog/entities/by-query?orderField=metadata.name', init)).items
      .map((each: any) => each.metadata.name)
      .filter((name: string) => !name.startsWith('generated'))
  const start = async (policies: Policy[], auth = {}) => {
    const plugins = policies.map((policy, index) => policyPlugin(`policy-${index}`, policy))
    const portal = await createTestPortal({
      files,
      plugins,
      config: { ...auth, backend, catalog: { rules, locations: [{ type: 'file', target: './catalog-info.yaml' }] } },
    })
    await until(async () => expect(await names(portal, { headers: AUDITOR })).toEqual(['crew', 'mine', 'secret', 'theirs']))
    return portal
  }

  it('that denies leaves empty lists, and 404 for what is asked for by name', async () => {
    const portal = await start([forGuest(() => 'deny')])
    const get = async (path: string) => {
      const response = await portal.request(`/api/catalog${path}`)
      return [response.status, response.status === 200 ? await response.json() : undefined]
    }
    expect(await get('/entities')).toEqual([200, []])
    expect(await get('/entities/by-query')).toEqual([200, { items: [], totalItems: 0, pageInfo: {} }])
    expect(await get('/entity-facets?facet=kind&facet=relations.ownedBy&facet=metadata.name')).toEqual([
      200,
      { facets: { kind: [], 'relations.ownedBy': [], 'metadata.name': [] } },
    ])
    expect(await get('/entities/by-name/component/default/mine')).toEqual([404, undefined])
    for (const name of ['mine', 'nobody']) {
      expect(await get(`/entities/by-name/component/default/${name}/ancestry`)).toEqual([403, undefined])
    }
    const post = async (path: string, body: object) => (await portal.post(`/api/catalog${path}`, body)).json()
    expect(await post('/entities/by-query', { query: { kind: 'component' } })).toEqual({ items: [], totalItems: 0, pageInfo: {} })
    expect(await post('/entities/by-refs', { entityRefs: ['component:default/mine'] })).toEqual({ items: [null] })
    expect(await post('/entity-facets', { facets: ['kind'] })).toEqual({ facets: { kind: [] } })
    expect(await post('/locations/by-query', {})).toEqual({ items: [], totalItems: 0, pageInfo: {} })
    expect(await get('/locations/00000000-0000-4000-8000-000000000000')).toEqual([404, undefined])
    expect(await get('/locations')).toEqual([200, []])
    expect(await get('/problems')).toEqual([200, { items: [] }])
    for (const [path, body] of [
      ['/locations', { type: 'url', target: 'https://example.com/x.yaml' }],
      ['/locations?dryRun=true', { type: 'url', target: 'https://example.com/x.yaml' }],
      ['/refresh', { entityRef: 'component:default/mine' }],
      ['/validate-entity', { location: 'url:https://x/y', entity: {} }],
      ['/analyze-location', { location: { type: 'url', target: 'https://example.com/acme/shop' } }],
    ] as const) {
      const response = await portal.post(`/api/catalog${path}`, body)
      expect([path, response.status, (await response.json()).error.code]).toEqual([path, 403, 'PERMISSION_DENIED'])
    }
    const uid = (await portal.get('/api/catalog/entities/by-name/component/default/mine', { headers: AUDITOR })).metadata.uid
    expect((await portal.request(`/api/catalog/entities/by-uid/${uid}`, { method: 'DELETE' })).status).toBe(403)
    const body = JSON.stringify({ type: 'url', target: 'https://example.com/x.yaml' })
    for (const [method, init] of [
      ['PUT', { body, headers: { 'content-type': 'application/json' } }],
      ['DELETE', {}],
    ] as const) {
      expect((await portal.request('/api/catalog/locations/x', { method, ...init })).status).toBe(403)
    }
  })

  it('must agree with every other one', async () => {
    const portal = await start([
      forGuest(() => ({ when: '-label.visibility:secret' })),
      forGuest(() => ({ when: 'kind:component' })),
      forGuest(() => 'allow'),
    ])
    expect(await names(portal)).toEqual(['mine', 'theirs'])
    expect(await names(portal, { headers: AUDITOR })).toEqual(['crew', 'mine', 'secret', 'theirs'])
    const both = await start([forGuest(() => ({ when: 'kind:component' })), forGuest(() => 'deny')])
    expect(await names(both)).toEqual([])
  })

  it('can speak of what somebody owns, through the refs that the sign-in gives', async () => {
    const auth = {
      auth: {
        providers: {
          guest: { userEntityRef: 'user:default/jo', ownershipEntityRefs: ['user:default/jo', 'group:default/crew'] },
        },
      },
    }
    const portal = await start([forGuest(() => ({ when: 'owner:@me' }))], auth)
    expect(await names(portal)).toEqual(['mine', 'secret'])
    const own = await start([forGuest(() => ({ when: 'owner:@me -label.visibility:secret' }))])
    expect(await names(own)).toEqual([])
  })

  it('can let somebody see what only others may delete or refresh', async () => {
    const portal = await start([
      forGuest(permission => (permission === 'catalog.entity.read' ? 'allow' : { when: 'name:theirs' })),
    ])
    const uidOf = async (name: string) =>
      (await portal.get(`/api/catalog/entities/by-name/component/default/${name}`)).metadata.uid
    const remove = async (name: string) =>
      (await portal.request(`/api/catalog/entities/by-uid/${await uidOf(name)}`, { method: 'DELETE' })).status
    expect((await portal.post('/api/catalog/refresh', { entityRef: 'component:default/mine' })).status).toBe(403)
    expect((await portal.post('/api/catalog/refresh', { entityRef: 'component:default/theirs' })).status).toBe(200)
    expect(await remove('mine')).toBe(403)
    expect(await remove('theirs')).toBe(204)
  })
})
