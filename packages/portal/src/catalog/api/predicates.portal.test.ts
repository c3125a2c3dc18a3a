import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, document, documents, group } from '../../testkit/descriptors.ts'

const FILE = documents(
  group('crew'),
  component(
    'Ledger',
    { dependsOn: ['resource:db'] },
    { title: 'Größe 1 > 0 ~?', tags: ['java', 'money'], labels: { tier: 'one' } },
  ),
  component('site', { type: 'website', lifecycle: 'experimental', replicas: 3 }, { tags: ['web'] }),
  document('Resource', 'db', { type: 'database', owner: 'others' }),
)

let portal: TestPortal
let end: () => Promise<void>

beforeAll(async () => {
  portal = await createTestPortal({ files: { 'catalog-info.yaml': FILE }, onEnd: run => (end = run) })
  await until(async () => expect((await portal.get('/api/catalog/entities/by-query?limit=0')).totalItems).toBe(5))
})
afterAll(() => end())

async function post(path: string, body: unknown) {
  const response = await portal.post(`/api/catalog${path}`, body)
  return { status: response.status, body: await response.json() }
}

const byName = { orderBy: [{ field: 'metadata.name', order: 'asc' }], fields: ['metadata.name'] }
const nameOf = (item: any) => item?.metadata.name.replace(/^generated-.*/, 'generated')

describe('a predicate', () => {
  it.each<[object, string[]]>([
    [{}, ['crew', 'db', 'generated', 'Ledger', 'site']],
    [{ $all: [] }, ['crew', 'db', 'generated', 'Ledger', 'site']],
    [{ $any: [] }, []],
    [{ kind: 'Component' }, ['Ledger', 'site']],
    [{ kind: 'component', 'spec.type': 'WEBSITE' }, ['site']],
    [{ 'spec.replicas': 3 }, ['site']],
    [{ $not: { kind: 'component' } }, ['crew', 'db', 'generated']],
    [{ $any: [{ kind: 'group' }, { 'metadata.tags': { $contains: 'java' } }] }, ['crew', 'Ledger']],
    [{ 'metadata.name': { $hasPrefix: 'LED' } }, ['Ledger']],
    [{ 'metadata.title': { $exists: true } }, ['Ledger']],
    [{ kind: 'component', 'metadata.title': { $exists: false } }, ['site']],
    [{ kind: { $in: ['group', 'Resource'] } }, ['crew', 'db']],
    [{ 'metadata.labels.tier': 'one' }, ['Ledger']],
    [{ relations: { $contains: { type: 'ownedBy', targetRef: 'group:default/crew' } } }, ['Ledger', 'site']],
    [{ relations: { $contains: { type: 'dependencyOf' } } }, ['db']],
    [{ 'relations.dependsOn': { $in: ['resource:default/db'] } }, ['Ledger']],
  ])('%j finds what it says', async (query, names) => {
    const { body } = await post('/entities/by-query', { query, ...byName })
    expect([body.items.map(nameOf), body.totalItems]).toEqual([names, names.length])
  })

  it('is carried by the cursor, which needs no escaping and is read by GET, too', async () => {
    const query = { kind: { $in: ['component', 'group'] } }
    const orderBy = [
      { field: 'metadata.title', order: 'asc' },
      { field: 'metadata.name', order: 'desc' },
    ]
    const first = (await post('/entities/by-query', { query: { 'metadata.title': { $exists: true } }, orderBy, limit: 1 })).body
    expect([first.items.map(nameOf), first.totalItems, first.pageInfo]).toEqual([['Ledger'], 1, {}])
    const pages = [(await post('/entities/by-query', { query, ...byName, limit: 1 })).body]
    expect(pages[0].pageInfo.nextCursor).toMatch(/^[A-Za-z0-9]+$/)
    expect(JSON.parse(atob(pages[0].pageInfo.nextCursor))).toMatchObject({ query })
    pages.push((await post('/entities/by-query', { cursor: pages[0].pageInfo.nextCursor, limit: 1 })).body)
    pages.push(await portal.get(`/api/catalog/entities/by-query?limit=1&cursor=${pages[1].pageInfo.nextCursor}`))
    expect(pages.map(page => [page.items.map(nameOf), page.totalItems])).toEqual([
      [['crew'], 3],
      [['Ledger'], 3],
      [['site'], 3],
    ])
    const back = (await post('/entities/by-query', { cursor: pages[2].pageInfo.prevCursor, limit: 1 })).body
    expect(back.items).toEqual(pages[1].items)
  })

  it('goes with order, text, offset and totals as on GET', async () => {
    const term = { fullTextFilter: { term: ' größe 1 > 0 ~?', fields: ['metadata.title'] } }
    expect((await post('/entities/by-query', { ...byName, ...term })).body).toEqual({
      items: [{ metadata: { name: 'Ledger' } }],
      totalItems: 1,
      pageInfo: {},
    })
    expect((await post('/entities/by-query', { limit: 0 })).body).toEqual({ items: [], totalItems: 5, pageInfo: {} })
    const rest = (await post('/entities/by-query', { ...byName, offset: 4, totalItems: 'exclude' })).body
    expect([rest.items.map(nameOf), rest.totalItems]).toEqual([['site'], 0])
  })

  it('narrows entities by ref and facets, with a filter or alone', async () => {
    const entityRefs = ['component:default/site', 'component:default/none', 'group:default/crew', 'Component:default/site']
    const asked = { entityRefs, fields: ['metadata.name'] }
    const items = async (path: string, query?: object) =>
      (await post(path, { ...asked, ...(query ? { query } : {}) })).body.items.map(nameOf)
    expect(await items('/entities/by-refs')).toEqual(['site', undefined, 'crew', undefined])
    expect(await items('/entities/by-refs', { kind: 'group' })).toEqual([undefined, undefined, 'crew', undefined])
    expect(await items('/entities/by-refs?filter=kind=component', { kind: 'group' })).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(await post('/entity-facets', { facets: ['kind', 'metadata.tags', 'none'], query: { kind: 'component' } })).toEqual({
      status: 200,
      body: {
        facets: {
          kind: [{ value: 'Component', count: 2 }],
          'metadata.tags': ['java', 'money', 'web'].map(value => ({ value, count: 1 })),
          none: [],
        },
      },
    })
    expect((await post('/entity-facets', { facets: ['spec.owner'] })).body.facets).toEqual({
      'spec.owner': [
        { value: 'crew', count: 2 },
        { value: 'others', count: 1 },
      ],
    })
  })

  it.each([
    ['/entities/by-query', { query: [] }, 'Query must be an object'],
    ['/entities/by-query', { query: null }, 'Query must be an object'],
    ['/entities/by-query', { query: { kind: { $like: 'x' } } }, 'Invalid query at query.kind.$like: unknown operator'],
    ['/entities/by-query', { limit: -1 }, 'limit'],
    ['/entities/by-query', { limit: '1' }, 'limit'],
    ['/entities/by-query', { orderBy: [{ field: 'kind', order: 'up' }] }, 'order'],
    ['/entities/by-query', { cursor: 'x' }, 'Malformed cursor'],
    ['/entities/by-query', { fields: ['a[0]'] }, 'invalid fields'],
    ['/entities/by-query', undefined, 'body'],
    ['/entities/by-query?limit=1', {}, 'limit'],
    ['/entities/by-refs', { entityRefs: [], query: 'x' }, 'Query must be an object'],
    ['/entities/by-refs', {}, 'entityRefs'],
    ['/entity-facets', { facets: [] }, 'Missing facet parameter'],
    ['/entity-facets', {}, 'Missing facet parameter'],
    ['/entity-facets', { facets: ['kind'], query: { $all: 1 } }, 'Invalid query at query.$all'],
    ['/locations/by-query', { query: 1 }, 'Query must be an object'],
    ['/locations/by-query', { limit: 0 }, 'limit'],
    ['/locations/by-query', { cursor: 'x' }, 'Malformed cursor'],
  ])('POST %s with %j is refused', async (path, body, message) => {
    const answer = await post(path, body)
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: {
          name: 'InputError',
          message: expect.stringContaining(message),
          code: expect.any(String),
          hint: expect.any(String),
        },
        request: { method: 'POST', url: `/api/catalog${path}` },
        response: { statusCode: 400 },
      },
    })
  })
})

describe('a request', () => {
  it.each(['/locations/%00', '/problems?ref=%00'])('for a text that cannot be stored is refused: %s', async path => {
    const response = await portal.request(`/api/catalog${path}`)
    expect([response.status, (await response.json()).error.message]).toEqual([400, expect.stringContaining('cannot be stored')])
  })

  it('with a limit that is no number of items is refused', async () => {
    for (const limit of ['', '-1', '1.5', 'x', '99999999999']) {
      expect([limit, (await portal.request(`/api/catalog/entities/by-query?limit=${limit}`)).status]).toEqual([limit, 400])
    }
  })

  it('finds what has a uid, which is everything', async () => {
    const { totalItems } = await portal.get('/api/catalog/entities/by-query?limit=0&filter=metadata.uid')
    expect(totalItems).toBe(5)
  })
})

describe('a parameter that no route knows', () => {
  it.each([
    ['GET', '/entities'],
    ['GET', '/entities/by-query'],
    ['GET', '/entities/by-name/component/default/site'],
    ['GET', '/entities/by-name/component/default/site/ancestry'],
    ['GET', '/entities/by-uid/x'],
    ['DELETE', '/entities/by-uid/x'],
    ['POST', '/entities/by-query'],
    ['POST', '/entities/by-refs'],
    ['GET', '/entity-facets'],
    ['POST', '/entity-facets'],
    ['POST', '/refresh'],
    ['POST', '/validate-entity'],
    ['GET', '/locations'],
    ['POST', '/locations'],
    ['POST', '/locations/by-query'],
    ['GET', '/locations/x'],
    ['PUT', '/locations/x'],
    ['DELETE', '/locations/x'],
    ['GET', '/locations/by-entity/component/default/site'],
    ['POST', '/analyze-location'],
    ['GET', '/problems'],
    ['GET', '/kinds'],
  ])('is refused by %s %s', async (method, path) => {
    const bodies: Record<string, object> = { '/refresh': { entityRef: 'x' }, '/entities/by-refs': { entityRefs: [] } }
    const sent = method === 'POST' || method === 'PUT' ? { body: JSON.stringify(bodies[path] ?? {}) } : {}
    const headers = { 'content-type': 'application/json' }
    const response = await portal.request(`/api/catalog${path}?colour=red`, { method, headers, ...sent })
    expect([response.status, (await response.json()).error.message]).toEqual([400, expect.stringContaining('colour')])
  })
})
