import { CATALOG_FILTER_EXISTS, CatalogClient, type QueryEntitiesInitialRequest } from '@backstage/catalog-client'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../packages/portal/src/testkit/createTestPortal.ts'
import { serveFiles, type FileServer } from '../packages/portal/src/testkit/serveFiles.ts'
import { expectGolden } from './golden.ts'

const ALL = `
apiVersion: backstage.io/v1alpha1
kind: Location
metadata: { name: all, description: Everything of the bicycle shop }
spec: { targets: [./org.yaml, ./shop.yaml] }
`

const ORG = `
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: shop-crew, title: The crew }
spec:
  type: team
  profile: { displayName: Shop crew, email: crew@example.com }
  children: []
---
apiVersion: backstage.io/v1alpha1
kind: User
metadata: { name: mara.k }
spec:
  profile: { displayName: Mara K. }
  memberOf: [shop-crew]
`

const SHOP = `
apiVersion: backstage.io/v1alpha1
kind: System
metadata: { name: shop }
spec: { owner: shop-crew }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Checkout
  title: Check-out
  description: Takes the money.
  labels: { tier: one }
  annotations: { example.com/slug: shop/checkout, empty.example.com/x: '' }
  tags: [java, money]
  links: [{ url: https://example.com/checkout, title: Run book, icon: book }]
spec:
  type: service
  lifecycle: production
  owner: shop-crew
  system: shop
  providesApis: [orders]
  dependsOn: [resource:till, component:warehouse]
---
apiVersion: backstage.io/v1beta1
kind: Component
metadata: { name: warehouse, tags: [go] }
spec: { type: service, lifecycle: experimental, owner: user:mara.k, consumesApis: [orders], subcomponentOf: checkout }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: front, tags: [web] }
spec: { type: website, lifecycle: production, owner: shop-crew, system: shop }
---
apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: orders }
spec: { type: openapi, lifecycle: production, owner: shop-crew, definition: { $text: ./orders.yaml } }
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: { name: till, namespace: cellar }
spec: { type: database, owner: default/shop-crew }
`

type Setting = {
  portal: TestPortal
  server: FileServer
  client: CatalogClient
  golden: (name: string, answer: unknown) => Promise<void>
}

async function started(): Promise<Setting> {
  const server = await serveFiles({
    '/all.yaml': ALL,
    '/org.yaml': ORG,
    '/shop.yaml': SHOP,
    '/orders.yaml': 'openapi: 3.1.0\n',
    '/new.yaml': ORG.replaceAll('shop-crew', 'new-crew').replace('mara.k', 'new.one'),
  })
  const kinds = ['Component', 'API', 'Resource', 'System', 'Group', 'User', 'Location']
  const portal = await createTestPortal({
    config: {
      backend: { reading: { allow: [{ host: server.host }] } },
      catalog: { rules: [{ allow: kinds }], locations: [{ type: 'url', target: `${server.url}/all.yaml` }] },
    },
  })
  await until(async () => expect((await portal.get('/api/catalog/entities/by-query?limit=0')).totalItems).toBe(10))
  const client = new CatalogClient({ discoveryApi: { getBaseUrl: async id => `${portal.url}/api/${id}` }, fetchApi: { fetch } })
  return { portal, server, client, golden: (name, answer) => expectGolden(name, answer, server.host) }
}

const byName = { order: { field: 'metadata.name', order: 'asc' as const } }

describe('the published catalog client', () => {
  it('reads entities with filters, fields, order and pages', async () => {
    const { client, golden } = await started()
    await golden(
      'getEntities',
      await client.getEntities({
        order: [
          { field: 'kind', order: 'asc' },
          { field: 'metadata.name', order: 'desc' },
        ],
      }),
    )
    await golden(
      'getEntities-filter',
      await client.getEntities({ filter: { kind: 'Component', 'spec.type': ['service', 'library'] }, ...byName }),
    )
    await golden(
      'getEntities-sets',
      await client.getEntities({
        filter: [{ kind: 'api' }, { 'metadata.annotations.example.com/slug': CATALOG_FILTER_EXISTS, 'spec.owner': 'SHOP-CREW' }],
        ...byName,
      }),
    )
    await golden(
      'getEntities-fields',
      await client.getEntities({
        filter: { kind: 'component' },
        fields: ['kind', 'metadata.name', 'metadata.annotations.example.com/slug', 'spec.profile', 'relations'],
        ...byName,
      }),
    )
    await golden('getEntities-page', await client.getEntities({ ...byName, limit: 2, offset: 1, fields: ['metadata.name'] }))
    await golden('getEntities-none', await client.getEntities({ filter: { kind: 'nothing' } }))
  })

  it('queries pages with cursors in both directions, and texts', async () => {
    const { client, golden } = await started()
    const query = {
      filter: { kind: ['component', 'group', 'user'] },
      orderFields: { field: 'metadata.name', order: 'asc' as const },
      limit: 2,
      fields: ['kind', 'metadata.name'],
    }
    const first = await client.queryEntities(query)
    await golden('queryEntities-first', first)
    const second = await client.queryEntities({
      cursor: first.pageInfo.nextCursor ?? '',
      limit: 2,
      fields: ['kind', 'metadata.name'],
    })
    await golden('queryEntities-second', second)
    const third = await client.queryEntities({
      cursor: second.pageInfo.nextCursor ?? '',
      limit: 2,
      fields: ['kind', 'metadata.name'],
    })
    await golden('queryEntities-third', third)
    const back = await client.queryEntities({
      cursor: third.pageInfo.prevCursor ?? '',
      limit: 2,
      fields: ['kind', 'metadata.name'],
    })
    await golden('queryEntities-second', back)
    await golden(
      'queryEntities-text',
      await client.queryEntities({ fullTextFilter: { term: ' OUT ', fields: ['metadata.title', 'metadata.name'] } }),
    )
    await golden(
      'queryEntities-default-text',
      await client.queryEntities({
        fullTextFilter: { term: 'war' },
        orderFields: { field: 'metadata.name', order: 'asc' },
        fields: ['metadata.name'],
      }),
    )
    await golden('queryEntities-count', await client.queryEntities({ limit: 0 }))
    await golden(
      'queryEntities-no-total',
      await client.queryEntities({
        limit: 1,
        totalItems: 'exclude',
        orderFields: { field: 'metadata.title', order: 'desc' },
        fields: ['metadata.title'],
      }),
    )
    await golden(
      'queryEntities-offset',
      await client.queryEntities({
        offset: 3,
        limit: 2,
        orderFields: { field: 'metadata.name', order: 'asc' },
        filter: { kind: ['component', 'group', 'user'] },
        fields: ['metadata.name'],
      }),
    )
  })

  it('reads entities by ref, and their ancestors', async () => {
    const { client, golden } = await started()
    await golden('getEntityByRef', await client.getEntityByRef('Component:default/checkout'))
    await golden('getEntityByRef-namespace', await client.getEntityByRef({ kind: 'resource', namespace: 'CELLAR', name: 'till' }))
    expect(await client.getEntityByRef('component:default/none')).toBeUndefined()
    const refs = ['api:default/orders', 'component:default/none', 'component:default/front', 'Component:default/front']
    await golden('getEntitiesByRefs', await client.getEntitiesByRefs({ entityRefs: refs, fields: ['kind', 'metadata.name'] }))
    expect((await client.getEntitiesByRefs({ entityRefs: refs })).items.map(item => item?.metadata.name)).toEqual([
      'orders',
      undefined,
      'front',
      undefined,
    ])
    await golden(
      'getEntitiesByRefs-filter',
      await client.getEntitiesByRefs({ entityRefs: refs, filter: { kind: 'api' }, fields: ['metadata.name'] }),
    )
    await golden('getEntityAncestors', await client.getEntityAncestors({ entityRef: 'component:default/front' }))
    const missing = await client.getEntityAncestors({ entityRef: 'component:default/none' }).catch((error: unknown) => error)
    expect(missing).toMatchObject({
      name: 'ResponseError',
      statusCode: 404,
      cause: { name: 'NotFoundError', message: "No entity named 'none' found, with kind 'component' in namespace 'default'" },
    })
  })

  it('counts facets', async () => {
    const { client, golden } = await started()
    const facets = [
      'kind',
      'spec.type',
      'metadata.tags',
      'metadata.namespace',
      'relations.ownedBy',
      'metadata.annotations.example.com/slug',
      'spec.nothing',
    ]
    await golden('getEntityFacets', await client.getEntityFacets({ facets }))
    await golden(
      'getEntityFacets-filter',
      await client.getEntityFacets({
        facets: ['kind', 'metadata.tags'],
        filter: { kind: 'component', 'spec.lifecycle': 'production' },
      }),
    )
  })

  it('adds, finds and removes locations', async () => {
    const { client, server, golden } = await started()
    const target = `${server.url}/new.yaml`
    await golden('getLocations-none', await client.getLocations())
    await golden('addLocation-dry', await client.addLocation({ target, dryRun: true }))
    await golden('getLocations-none', await client.getLocations())
    const added = await client.addLocation({ type: 'url', target })
    await golden('addLocation', added)
    const { id } = added.location
    await until(async () => expect(await client.getEntityByRef('group:default/new-crew')).toBeDefined())
    await golden('getLocations', await client.getLocations())
    await golden('location', await client.getLocationById(id))
    await golden('location', await client.getLocationByRef(`url:${target}`))
    await golden('location', await client.getLocationByEntity('user:default/new.one'))
    expect(await client.getLocationByEntity('component:default/front')).toBeUndefined()
    expect(await client.getLocationById('00000000-0000-4000-8000-000000000000')).toBeUndefined()
    await golden('addLocation-exists', await client.addLocation({ target, dryRun: true }))
    const conflict = await client.addLocation({ target }).catch((error: unknown) => error)
    expect(conflict).toMatchObject({
      statusCode: 409,
      cause: { name: 'ConflictError', message: `Location url:${target} already exists` },
    })
    await golden('addLocation', await client.addLocation({ target, onConflict: 'refresh' }))
    await client.removeLocationById(id)
    await golden('getLocations-none', await client.getLocations())
    expect(await client.getEntityByRef('group:default/new-crew')).toBeUndefined()
    const gone = await client.removeLocationById(id).catch((error: unknown) => error)
    expect(gone).toMatchObject({ statusCode: 404, cause: { name: 'NotFoundError', message: `Found no location with ID ${id}` } })
  })

  it('refreshes, removes and validates entities', async () => {
    const { client, server, golden } = await started()
    server.files['/shop.yaml'] = SHOP.replace('Takes the money.', 'Takes all the money.')
    await client.refreshEntity('component:default/checkout')
    await until(async () =>
      expect((await client.getEntityByRef('component:default/checkout'))?.metadata.description).toBe('Takes all the money.'),
    )
    const missing = await client.refreshEntity('component:default/none').catch((error: unknown) => error)
    expect(missing).toMatchObject({
      statusCode: 404,
      cause: { name: 'NotFoundError', message: 'Entity component:default/none not found' },
    })

    const front = await client.getEntityByRef('component:default/front')
    await client.removeEntityByUid(front?.metadata.uid ?? '')
    await client.removeEntityByUid('00000000-0000-4000-8000-000000000000')
    await until(async () =>
      expect((await client.getEntityByRef('component:default/front'))?.metadata.uid).not.toBe(front?.metadata.uid),
    )

    const entity = {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'x' },
      spec: { type: 'service', lifecycle: 'production', owner: 'crew' },
    }
    expect(await client.validateEntity(entity, 'url:https://example.com/x.yaml')).toEqual({ valid: true })
    await golden(
      'validateEntity-name',
      await client.validateEntity({ ...entity, metadata: { name: 'a b' } }, 'url:https://example.com/x.yaml'),
    )
    await golden(
      'validateEntity-spec',
      await client.validateEntity({ ...entity, spec: { type: 'service' } }, 'url:https://example.com/x.yaml'),
    )
    await golden(
      'validateEntity-kind',
      await client.validateEntity({ ...entity, kind: 'Ship' }, 'url:https://example.com/x.yaml'),
    )
    await golden('validateEntity-location', await client.validateEntity(entity, 'file:/x.yaml'))
  })

  it('asks with predicates', async () => {
    const { client, golden } = await started()
    const refused = await client
      .queryEntities({ query: { $any: [{ kind: 'api' }, { 'metadata.links': { $contains: { url: 'x' } } }] } })
      .catch((error: unknown) => error)
    expect(refused).toMatchObject({
      statusCode: 400,
      cause: {
        name: 'InputError',
        message: 'Invalid query at query.$any[1]["metadata.links"].$contains: objects are looked for in relations only',
      },
    })
    const owned: QueryEntitiesInitialRequest['query'] = {
      relations: { $contains: { type: 'ownedBy', targetRef: 'group:default/shop-crew' } },
    }
    const asked: QueryEntitiesInitialRequest = {
      query: {
        $all: [
          { $any: [{ $all: [{ kind: 'component' }, owned] }, { 'metadata.name': { $hasPrefix: 'TI' } }] },
          { $not: { 'metadata.tags': { $contains: 'web' } } },
        ],
      },
      orderFields: { field: 'metadata.name', order: 'desc' },
      limit: 1,
      fields: ['kind', 'metadata.name'],
    }
    const { fields } = asked
    const first = await client.queryEntities(asked)
    await golden('queryEntities-predicate-first', first)
    const second = await client.queryEntities({ cursor: first.pageInfo.nextCursor ?? '', limit: 1, fields })
    await golden('queryEntities-predicate-second', second)
    const back = await client.queryEntities({ cursor: second.pageInfo.prevCursor ?? '', limit: 1, fields })
    expect(back.items).toEqual(first.items)
    await golden(
      'queryEntities-predicate-filter',
      await client.queryEntities({
        query: { 'spec.type': 'service' },
        filter: [{ kind: 'component', 'spec.lifecycle': ['production', 'retired'] }, { 'metadata.title': CATALOG_FILTER_EXISTS }],
        fullTextFilter: { term: 'out', fields: ['metadata.title'] },
      }),
    )
    const refs = ['api:default/orders', 'component:default/none', 'component:default/front']
    await golden(
      'getEntitiesByRefs-predicate',
      await client.getEntitiesByRefs({
        entityRefs: refs,
        query: { kind: 'api' },
        filter: { 'metadata.name': 'orders' },
        fields: ['kind', 'metadata.name'],
      }),
    )
    await golden(
      'getEntityFacets-predicate',
      await client.getEntityFacets({ facets: ['kind', 'spec.type'], query: { 'spec.lifecycle': { $exists: true } } }),
    )
  })

  it('streams entities page by page', async () => {
    const { client } = await started()
    const names = async (pages: AsyncIterable<{ metadata: { name: string } }[]>) => {
      const found: string[][] = []
      for await (const page of pages) found.push(page.map(each => each.metadata.name))
      return found
    }
    const order = { orderFields: { field: 'metadata.name', order: 'asc' as const }, pageSize: 2 }
    expect(await names(client.streamEntities({ filter: { kind: 'component' }, ...order }))).toEqual([
      ['Checkout', 'front'],
      ['warehouse'],
    ])
    expect(await names(client.streamEntities({ query: { 'metadata.tags': { $exists: true } }, ...order }))).toEqual([
      ['Checkout', 'front'],
      ['warehouse'],
    ])
    expect((await names(client.streamEntities())).flat()).toHaveLength(10)
  })

  it('asks for locations with predicates, streams them, and leads one elsewhere', async () => {
    const { client, server, golden } = await started()
    const target = `${server.url}/new.yaml`
    const { location } = await client.addLocation({ target })
    await client.addLocation({ target: `${server.url}/orders.yaml` })
    await golden('queryLocations-none', await client.queryLocations({ query: { type: 'file' } }))
    await golden('queryLocations', await client.queryLocations({ query: { target: { $hasPrefix: target } } }))
    const first = await client.queryLocations({ limit: 1 })
    expect([first.items.length, first.totalItems]).toEqual([1, 2])
    const second = await client.queryLocations({ cursor: first.pageInfo.nextCursor ?? '' })
    expect(second.pageInfo).toEqual({})
    expect([...first.items, ...second.items]).toEqual((await client.getLocations()).items)
    const streamed = []
    for await (const page of client.streamLocations({ limit: 1 })) streamed.push(...page)
    expect(streamed).toEqual((await client.getLocations()).items)

    await until(async () => expect(await client.getEntityByRef('group:default/new-crew')).toBeDefined())
    await golden('updateLocation', await client.updateLocation(location.id, { type: 'url', target: `${server.url}/org.yaml` }))
    await until(async () => expect(await client.getEntityByRef('group:default/new-crew')).toBeUndefined())
    await golden('updateLocation-entity', await client.getEntityByRef(location.entityRef ?? ''))
    const conflict = await client
      .updateLocation(location.id, { target: `${server.url}/orders.yaml` })
      .catch((error: unknown) => error)
    expect(conflict).toMatchObject({
      statusCode: 409,
      cause: { name: 'ConflictError', message: `Location url:${server.url}/orders.yaml already exists` },
    })
    const unknown = '00000000-0000-4000-8000-000000000000'
    const missing = await client.updateLocation(unknown, { target }).catch((error: unknown) => error)
    expect(missing).toMatchObject({ statusCode: 404, cause: { message: `Found no location with ID ${unknown}` } })
  })

  it('analyzes repositories', async () => {
    const { client, server, golden } = await started()
    server.files['/acme/shop/blob/main/catalog-info.yaml'] = ORG.replaceAll('shop-crew', 'new-crew').replace('mara.k', 'new.one')
    await golden(
      'analyzeLocation',
      await client.analyzeLocation({ location: { type: 'url', target: `${server.url}/acme/shop` } }),
    )
    await golden(
      'analyzeLocation-none',
      await client.analyzeLocation({ location: { type: 'url', target: `${server.url}/acme/other` }, catalogFilename: 'x.yaml' }),
    )
  })
})
