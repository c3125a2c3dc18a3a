import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'

const FILE = `
apiVersion: backstage.io/v1alpha1
kind: Group
metadata: { name: crew }
spec: { type: team, children: [] }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: Ledger
  title: The Ledger
  description: Keeps the books.
  tags: [java, money]
  labels: { tier: one }
  annotations: { example.com/slug: acme/ledger }
spec: { type: service, lifecycle: production, owner: crew, dependsOn: ['resource:db'] }
---
apiVersion: backstage.io/v1alpha1
kind: Component
metadata: { name: site, tags: [web] }
spec: { type: website, lifecycle: experimental, owner: crew }
---
apiVersion: backstage.io/v1alpha1
kind: Resource
metadata: { name: db }
spec: { type: database, owner: crew }
`

let shared: TestPortal
let end: () => Promise<void>

beforeAll(async () => {
  shared = await createTestPortal({ files: { 'catalog-info.yaml': FILE }, onEnd: run => (end = run) })
  await until(async () => expect((await shared.get('/api/catalog/entities/by-query?limit=0')).totalItems).toBe(5))
})
afterAll(() => end())

describe('reading entities', () => {
  it('pages by query with a total and cursors in both directions', async () => {
    const portal = shared
    const first = await portal.get('/api/catalog/entities/by-query?limit=2&orderField=metadata.name,desc&fields=metadata.name')
    expect(first).toMatchObject({ items: [{ metadata: { name: 'site' } }, { metadata: { name: 'Ledger' } }], totalItems: 5 })
    const second = await portal.get(
      `/api/catalog/entities/by-query?limit=2&cursor=${first.pageInfo.nextCursor}&fields=metadata.name`,
    )
    expect(second.items.map((each: any) => each.metadata.name.slice(0, 4))).toEqual(['gene', 'db'])
    expect(second.totalItems).toBe(5)
    const back = await portal.get(
      `/api/catalog/entities/by-query?limit=2&cursor=${second.pageInfo.prevCursor}&fields=metadata.name`,
    )
    expect(back.items).toEqual(first.items)
    expect(first.pageInfo.prevCursor).toBeUndefined()
    expect(back.pageInfo.prevCursor).toBeUndefined()
  })

  it('leaves out what lacks the sort field, or shows it last when asked', async () => {
    const portal = shared
    const path = '/api/catalog/entities/by-query?fields=metadata.name&limit=3&orderField=metadata.title'
    expect(await portal.get(path)).toMatchObject({ items: [{ metadata: { name: 'Ledger' } }], totalItems: 1 })
    const first = await portal.get(`${path}&missing=last`)
    expect(first.totalItems).toBe(5)
    const second = await portal.get(
      `/api/catalog/entities/by-query?fields=metadata.name&limit=3&cursor=${first.pageInfo.nextCursor}`,
    )
    const names = [...first.items, ...second.items].map((each: any) => each.metadata.name)
    expect(names[0]).toBe('Ledger')
    expect(new Set(names).size).toBe(5)
    const back = await portal.get(
      `/api/catalog/entities/by-query?fields=metadata.name&limit=3&cursor=${second.pageInfo.prevCursor}`,
    )
    expect(back.items).toEqual(first.items)
    const sorted = await portal.get('/api/catalog/entities/by-query?fields=metadata.name&q=sort:-title')
    expect(sorted.items[0]).toEqual({ metadata: { name: 'Ledger' } })
    expect(sorted.totalItems).toBe(5)
  })

  it('joins relations at both ends', async () => {
    const portal = shared
    const ledger = await portal.get('/api/catalog/entities/by-name/component/default/LEDGER')
    expect(ledger.relations).toEqual([
      { type: 'dependsOn', targetRef: 'resource:default/db' },
      { type: 'ownedBy', targetRef: 'group:default/crew' },
    ])
    const crew = await portal.get('/api/catalog/entities/by-name/group/default/crew')
    expect(crew.relations).toEqual([
      { type: 'ownerOf', targetRef: 'component:default/ledger' },
      { type: 'ownerOf', targetRef: 'component:default/site' },
      { type: 'ownerOf', targetRef: 'resource:default/db' },
    ])
  })

  it.each([
    ['filter=kind=component', ['ledger', 'site']],
    ['filter=kind=component,spec.type=service', ['ledger']],
    ['filter=kind=component,spec.type=website&filter=kind=resource', ['db', 'site']],
    ['filter=metadata.tags=java,metadata.tags=web', ['ledger', 'site']],
    ['filter=metadata.annotations.example.com/slug', ['ledger']],
    ['filter=relations.ownerOf=component:default/site', ['crew']],
    ['filter=spec', []],
    ['q=money', ['ledger']],
    ['q=kind:component -type:service', ['site']],
    ['q=owner:crew kind:resource', ['db']],
    ['q=tag:mon*', ['ledger']],
    ['q=dependsOn>(kind:resource)', ['ledger']],
    ['q=ownerOf>(tag:web)', ['crew']],
    ['q=dependencyOf%2B>(name:ledger)', ['db']],
    ['q=label.tier:* or name:crew', ['crew', 'ledger']],
    ['q=changed<1d kind:group', ['crew']],
    ['q="the ledger"', ['ledger']],
    ['filter=kind=component&q=lifecycle:production', ['ledger']],
    ['fullTextFilterTerm=EDG&fullTextFilterFields=metadata.name,metadata.title', ['ledger']],
    ['fullTextFilterTerm=%25', []],
  ])('finds what %s means', async (search, names) => {
    const portal = shared
    const { items } = await portal.get(`/api/catalog/entities/by-query?${search}&orderField=metadata.name`)
    expect(items.map((each: any) => each.metadata.name.toLowerCase())).toEqual(names)
  })

  it('counts values as they were written', async () => {
    const portal = shared
    expect(
      await portal.get('/api/catalog/entity-facets?facet=kind&facet=metadata.tags&facet=relations.ownedBy&filter=kind=component'),
    ).toEqual({
      facets: {
        kind: [{ value: 'Component', count: 2 }],
        'metadata.tags': [
          { value: 'java', count: 1 },
          { value: 'money', count: 1 },
          { value: 'web', count: 1 },
        ],
        'relations.ownedBy': [{ value: 'group:default/crew', count: 2 }],
      },
    })
  })

  it('answers by refs in order, with null for what is not there', async () => {
    const portal = shared
    const response = await portal.post('/api/catalog/entities/by-refs', {
      entityRefs: ['component:default/site', 'component:default/none', 'group:default/crew'],
      fields: ['metadata.name', 'spec.type'],
    })
    expect(await response.json()).toEqual({
      items: [
        { metadata: { name: 'site' }, spec: { type: 'website' } },
        null,
        { metadata: { name: 'crew' }, spec: { type: 'team' } },
      ],
    })
  })

  it('says in the known shape what is wrong with a request', async () => {
    const portal = shared
    const response = await portal.request('/api/catalog/entities/by-query?colour=red')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { name: 'InputError', code: 'REQUEST_INVALID' },
      request: { method: 'GET', url: '/api/catalog/entities/by-query?colour=red' },
      response: { statusCode: 400 },
    })
    const missing = await portal.request('/api/catalog/entities/by-name/component/default/none')
    expect(missing.status).toBe(404)
    expect((await missing.json()).error.message).toBe(
      "No entity named 'none' found, with kind 'component' in namespace 'default'",
    )
  })

  it('lists all, and pages with a link', async () => {
    const portal = shared
    expect(await portal.get('/api/catalog/entities?order=asc:metadata.title&fields=metadata.name')).toHaveLength(5)
    const page = await portal.request('/api/catalog/entities?limit=2&order=asc:metadata.name&fields=metadata.name')
    expect(page.headers.get('link')).toMatch(/^<\/api\/catalog\/entities\?.*after=.*>; rel="next"$/)
    expect(await page.json()).toEqual([{ metadata: { name: 'crew' } }, { metadata: { name: 'db' } }])
  })
})
