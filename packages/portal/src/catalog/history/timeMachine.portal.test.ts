import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, documents, group } from '../../testkit/descriptors.ts'
import { find, names, versions } from '../../testkit/readCatalog.ts'

const config = {
  catalog: { rules: [{ allow: ['Component', 'Group'] }], locations: [{ type: 'file', target: './files/*.yaml' }] },
}
const BY_QUERY = '/api/catalog/entities/by-query'

type Spec = { type: string; owner: string; dependsOn: string[] }
type Moment = { at: string; expected: Map<string, Spec> }

/** Numbers that look random and are the same in every run. */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

async function ask(portal: TestPortal, query: Record<string, string>): Promise<string[]> {
  const { items, totalItems } = await portal.get(
    `${BY_QUERY}?${new URLSearchParams({ fields: 'metadata.name', orderField: 'metadata.name', ...query })}`,
  )
  const found: string[] = items.map((item: any) => item.metadata.name)
  expect(totalItems).toBe(found.length)
  return found
}

function countBy(values: string[]): { value: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].map(([value, count]) => ({ value, count })).toSorted((a, b) => (a.value < b.value ? -1 : 1))
}

async function compare(portal: TestPortal, { at, expected }: Moment): Promise<void> {
  const specs = [...expected.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const where = (test: (spec: Spec) => boolean) => specs.filter(([, spec]) => test(spec)).map(([name]) => name)
  expect(await ask(portal, { q: 'kind:component', at })).toEqual(specs.map(([name]) => name))
  expect(await ask(portal, { q: `kind:component type:red @${at}` })).toEqual(where(spec => spec.type === 'red'))
  expect(await ask(portal, { q: `kind:component owner:crew`, at })).toEqual(where(spec => spec.owner === 'crew'))
  const isRed = (ref: string) => expected.get(ref.replace('component:', ''))?.type === 'red'
  expect(await ask(portal, { q: `dependsOn>(kind:component type:red)`, at })).toEqual(where(spec => spec.dependsOn.some(isRed)))
  const parameters = new URLSearchParams({ filter: 'kind=component', at })
  for (const facet of ['spec.type', 'spec.color', 'relations.ownedBy']) parameters.append('facet', facet)
  const { facets } = await portal.get(`/api/catalog/entity-facets?${parameters}`)
  expect(facets).toEqual({
    'spec.type': countBy(specs.map(([, spec]) => spec.type)),
    'spec.color': countBy(specs.map(([, spec]) => `dark-${spec.type}`)),
    'relations.ownedBy': countBy(specs.map(([, spec]) => `group:default/${spec.owner}`)),
  })
  const crew = await portal.get(`/api/catalog/entities/by-name/group/default/crew?at=${at}`)
  const owned = where(spec => spec.owner === 'crew').map(name => ({ type: 'ownerOf', targetRef: `component:default/${name}` }))
  expect(crew.relations).toEqual(owned)
}

describe('the catalog as it was', () => {
  it('is found again at every time of a random history', async () => {
    const random = createRandom(20_261_124)
    const portal = await createTestPortal({ config, files: { 'files/org.yaml': documents(group('crew'), group('band')) } })
    await until(async () => expect(await names(portal, 'kind=group')).toEqual(['band', 'crew']))
    const expected = new Map<string, Spec>()
    const moments: Moment[] = []
    for (let step = 0; step < 24; step++) {
      const name = `c${random(6)}`
      if (expected.has(name) && random(3) === 0) {
        expected.delete(name)
        await rm(join(portal.folder, `files/${name}.yaml`))
      } else {
        const type = ['red', 'blue'][random(2)] ?? ''
        const spec = {
          type,
          owner: ['crew', 'band'][random(2)] ?? '',
          dependsOn: [`component:c${random(6)}`],
          color: `dark-${type}`,
        }
        expected.set(name, spec)
        await portal.write(`files/${name}.yaml`, component(name, spec))
      }
      await until(async () => {
        const { items } = await portal.get(`${BY_QUERY}?filter=kind=component&orderField=metadata.name`)
        const specs = items.map(({ metadata, spec: { type, owner, dependsOn } }: any) => [
          metadata.name,
          { type, owner, dependsOn },
        ])
        const wanted = [...expected].map(([key, { type, owner, dependsOn }]) => [key, { type, owner, dependsOn }])
        expect(specs).toEqual(wanted.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)))
      })
      moments.push({ at: new Date().toISOString(), expected: new Map(expected) })
    }
    for (const moment of moments) await compare(portal, moment)
  })

  it('pages with cursors that keep the time, and gives entities by name, uid and ref as of then', async () => {
    const portal = await createTestPortal({
      config,
      files: { 'files/org.yaml': group('crew'), 'files/a.yaml': documents(component('a'), component('b'), component('c')) },
    })
    await until(async () => expect(await names(portal)).toEqual(['a', 'b', 'c']))
    const before = await find(portal, 'b')
    const at = new Date().toISOString()
    await portal.write('files/a.yaml', documents(component('a', { type: 'new' }), component('d')))
    await until(async () => expect(await names(portal)).toEqual(['a', 'd']))

    const first = await portal.get(`${BY_QUERY}?limit=2&orderField=metadata.name&filter=kind=component&at=${at}`)
    const second = await portal.get(`${BY_QUERY}?limit=2&cursor=${first.pageInfo.nextCursor}`)
    expect([...first.items, ...second.items].map((item: any) => [item.metadata.name, item.spec.type])).toEqual([
      ['a', 'service'],
      ['b', 'service'],
      ['c', 'service'],
    ])
    expect(second.totalItems).toBe(3)
    const path = '/api/catalog/entities'
    expect(await portal.get(`${path}/by-name/component/default/b?at=${at}`)).toEqual(before)
    expect(await portal.get(`${path}/by-uid/${before.metadata.uid}?at=${at}`)).toEqual(before)
    const refs = { entityRefs: ['component:default/b', 'component:default/d'] }
    expect(await (await portal.post(`${path}/by-refs?at=${at}`, refs)).json()).toEqual({ items: [before, null] })
    const predicate = { query: { kind: 'component' }, at, fields: ['metadata.name'] }
    expect((await (await portal.post(`${path}/by-query`, predicate)).json()).totalItems).toBe(3)
    expect((await portal.get(`${path}?filter=kind=component&at=${at}`)).length).toBe(3)
    expect((await portal.get(`${path}/by-name/component/default/b/ancestry?at=${at}`)).items[0].entity).toEqual(before)
    expect((await portal.request(`${path}/by-name/component/default/d?at=${at}`)).status).toBe(404)
    expect((await portal.get(`${BY_QUERY}?at=2020-01-01`)).totalItems).toBe(0)
    expect(await ask(portal, { q: 'kind:component changed<1h', at, orderField: 'changed' })).toHaveLength(3)
  })

  it('refuses two times, what is no time, and what is not kept', async () => {
    const portal = await createTestPortal({ config, files: { 'files/org.yaml': group('crew') } })
    const status = async (query: Record<string, string>) => {
      const response = await portal.request(`${BY_QUERY}?${new URLSearchParams(query)}`)
      return [response.status, (await response.json()).error?.code]
    }
    expect(await status({ q: '@2026-06-01', at: '2026-06-02' })).toEqual([400, 'QUERY_TWO_TIMES'])
    expect((await status({ q: '@2026-06-01', at: '2026-06-01T00:00:00Z' }))[0]).toBe(200)
    expect(await status({ at: 'yesterday' })).toEqual([400, 'DATE_INVALID'])
    expect(await status({ at: '2026-06-01', q: '-(is:broken)' })).toEqual([400, 'QUERY_PAST_PROBLEMS'])
  })

  it('has one state of an entity at any time, however fast it changes', async () => {
    const portal = await createTestPortal({ config, files: { 'files/org.yaml': group('crew'), 'files/a.yaml': component('a') } })
    await until(async () => expect(await names(portal)).toEqual(['a']))
    for (let step = 0; step < 5; step++) {
      const { uid } = (await find(portal, 'a')).metadata
      await portal.request(`/api/catalog/entities/by-uid/${uid}`, { method: 'DELETE' })
      await until(async () => expect((await find(portal, 'a')).metadata.uid).not.toBe(uid))
    }
    const list = await versions(portal, 'a')
    const kept = list.filter(each => each.cause !== 'removed')
    for (const each of list) {
      const there = await portal.request(`/api/catalog/entities/by-name/component/default/a?at=${each.at}`)
      expect(there.status).toBe(each.cause === 'removed' ? 404 : 200)
    }
    for (const [index, each] of kept.entries()) {
      const later = kept[index - 1]
      expect(each.at < (each.until ?? '9999')).toBe(true)
      if (later) expect(String(each.until) <= later.at).toBe(true)
      const { totalItems } = await portal.get(`${BY_QUERY}?filter=kind=component&at=${each.at}`)
      expect(totalItems).toBe(1)
    }
  })
})
