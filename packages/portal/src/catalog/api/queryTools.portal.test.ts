import { definePlugin } from '@callboard/sdk'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, document, documents, group } from '../../testkit/descriptors.ts'

const FILES = {
  'catalog-info.yaml': documents(
    group('crew'),
    component('a', { type: 'service' }, { tags: ['java'], labels: { 'example.com/tier': 'gold' } }),
    component('b', { type: 'service', lifecycle: 'end of life', dependsOn: ['component:a'] }),
    component('c', { type: 'library' }),
    document('API', 'books', { type: 'openapi', lifecycle: 'production', owner: 'crew', definition: 'x' }),
    component('hidden', { type: 'hushtype', owner: 'hushcrew' }, { labels: { 'hush.example.com/x': 'y', visibility: 'secret' } }),
  ),
}

const hides = definePlugin({
  name: 'hides',
  setup: portal => portal.policy(() => ({ when: '-label.visibility:secret' })),
})

async function startPortal(): Promise<TestPortal> {
  const portal = await createTestPortal({ files: FILES, plugins: [hides] })
  await until(async () =>
    expect((await portal.get('/api/catalog/entities/by-query?limit=0&q=kind:component')).totalItems).toBe(3),
  )
  return portal
}

/** What is offered at the `|` of a text, as the texts that would then stand there. */
async function complete(portal: TestPortal, marked: string): Promise<{ texts: string[]; kinds: string[]; counts: number[] }> {
  const position = marked.indexOf('|')
  const q = marked.replace('|', '')
  const { items } = await portal.get(
    `/api/catalog/query/complete?${new URLSearchParams({ q, position: String(position) }).toString()}`,
  )
  return {
    texts: items.map((item: any) => q.slice(0, item.from) + item.text + q.slice(item.to)),
    kinds: [...new Set<string>(items.map((item: any) => item.kind))],
    counts: items.map((item: any) => item.count),
  }
}

describe('what a query can go on with', () => {
  it('are keys, values, relations, states and orders, wherever one is typed', async () => {
    const portal = await startPortal()
    const texts = async (marked: string) => (await complete(portal, marked)).texts
    expect(await texts('li|')).toEqual(['lifecycle:'])
    expect(await complete(portal, '-kind:location type:|')).toEqual({
      texts: ['service', 'library', 'openapi', 'team'].map(type => `-kind:location type:${type}`),
      kinds: ['value'],
      counts: [2, 1, 1, 1],
    })
    expect(await complete(portal, 'kind:component type:|')).toMatchObject({
      texts: ['kind:component type:service', 'kind:component type:library'],
    })
    expect(await texts('-(type:se|)')).toEqual(['-(type:service)'])
    expect(await texts('dependsOn+>(type:li|) name:a')).toEqual(['dependsOn+>(type:library) name:a'])
    expect(await texts('type:service,li|')).toEqual(['type:service,library'])
    expect(await texts('kind:component lifecycle:"end|')).toEqual(['kind:component lifecycle:"end of life"'])
    expect(await texts('lifecycle:end|')).toEqual(['lifecycle:"end of life"'])
    expect(await texts('owner:|')).toEqual(['owner:@me', 'owner:crew'])
    expect(await texts('kind:component owner:cr| name:a')).toEqual(['kind:component owner:crew name:a'])
    expect(await texts('dependsOn|')).toEqual(['dependsOn>(', 'dependsOn+>(', 'dependsOn:'])
    expect(await texts('is:o|')).toEqual(['is:orphan'])
    expect(await texts('sort:-na|')).toEqual(['sort:-name', 'sort:-namespace'])
    expect(await texts('changed<|')).toContain('changed<7d')
    expect(await texts('label.|')).toEqual(['label.example.com/tier:'])
    expect(await texts('"a word|')).toEqual([])
  })

  it('never are values, labels or owners of what the actor may not see', async () => {
    const portal = await startPortal()
    for (const marked of ['type:hush|', 'owner:hush|', 'label.hush|', 'name:hid|', 'label.visibility:|', 'spec.type:hush|']) {
      expect((await complete(portal, marked)).texts, marked).toEqual([])
    }
  })
})

describe('the explanation of a query', () => {
  it('tells its canonical text, tree, SQL, total and evaluator, and nothing of policies', async () => {
    const portal = await startPortal()
    const explain = async (q: string) => portal.get(`/api/catalog/query/explain?${new URLSearchParams({ q }).toString()}`)
    const found = await explain('  kind:Component  -type:library sort:name')
    expect(found).toMatchObject({
      query: 'kind:component -type:library sort:name',
      where: { type: 'all', of: [{ type: 'field', field: 'kind', op: 'in', values: ['component'] }, { type: 'not' }] },
      sort: [{ field: 'metadata.name', descending: false }],
      total: 2,
      evaluator: expect.stringMatching(/^(?:index|database)$/),
      ms: expect.any(Number),
    })
    expect(found.sql).toMatch(/^select e\.ref from catalog\.entity_version e where .*kind.* = \$1/)
    expect(found.parameters[0]).toBe('component')
    expect(JSON.stringify(found)).not.toContain('secret')
    expect(await explain('kind:component @2020-01-01')).toMatchObject({ at: '2020-01-01', total: 0, evaluator: 'database' })
  })

  it('points at what is wrong', async () => {
    const portal = await startPortal()
    const response = await portal.request('/api/catalog/query/explain?q=ownr:x')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'QUERY_KEY_UNKNOWN', position: 0, length: 4 } })
  })
})
