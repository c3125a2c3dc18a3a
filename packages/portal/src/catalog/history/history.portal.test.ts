import { definePlugin } from '@callboard/sdk'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, documents, group } from '../../testkit/descriptors.ts'
import { find, names, versions } from '../../testkit/readCatalog.ts'

const TOKEN = 'a-token-of-eve-that-is-long'
const EVE = { authorization: `Bearer ${TOKEN}` }
const config = {
  backend: { auth: { externalAccess: [{ type: 'static', options: { token: TOKEN, subject: 'eve' } }] } },
  catalog: { rules: [{ allow: ['Component', 'Group'] }], locations: [{ type: 'file', target: './files/*.yaml' }] },
}
const LEDGER = '/api/catalog/entities/by-name/component/default/ledger'

async function startWithHistory(plugins: Parameters<typeof createTestPortal>[0] = {}): Promise<TestPortal> {
  const portal = await createTestPortal({
    config,
    files: {
      'files/org.yaml': documents(group('crew'), group('band')),
      'files/a.yaml': component('ledger', { dependsOn: ['component:b'] }, { tags: ['one', 'two'] }),
    },
    ...plugins,
  })
  await until(async () => expect(await names(portal)).toEqual(['ledger']))
  await portal.write('files/a.yaml', component('ledger', { owner: 'band', type: 'website' }, { tags: ['two', 'three'] }))
  await until(async () => expect((await find(portal, 'ledger')).spec.type).toBe('website'))
  return portal
}

describe('the difference of two states', () => {
  it('lists changes by path, relations among them, with a unified diff of the YAML', async () => {
    const portal = await startWithHistory()
    const diff = await portal.get(`${LEDGER}/diff?from=1&to=2`)
    expect(diff.changes).toEqual([
      { path: '/metadata/tags', op: 'removed', from: 'one' },
      { path: '/metadata/tags', op: 'added', to: 'three' },
      { path: '/spec/dependsOn', op: 'removed', from: ['component:b'] },
      { path: '/spec/owner', op: 'changed', from: 'crew', to: 'band' },
      { path: '/spec/type', op: 'changed', from: 'service', to: 'website' },
      { path: '/relations/dependsOn', op: 'removed', from: 'component:default/b' },
      { path: '/relations/ownedBy', op: 'removed', from: 'group:default/crew' },
      { path: '/relations/ownedBy', op: 'added', to: 'group:default/band' },
    ])
    expect(diff.text).toMatch(
      /^--- component:default\/ledger version 1\n\+\+\+ component:default\/ledger version 2\n@@ -\d+,\d+ \+\d+,\d+ @@\n/,
    )
    const lines = diff.text.split('\n').filter((line: string) => /^[-+](?![-+])/.test(line))
    expect(lines.toSorted()).toEqual(
      [
        '-    - one',
        '+    - three',
        '-  type: service',
        '-  owner: crew',
        '-  dependsOn:',
        '-    - component:b',
        '+  type: website',
        '+  owner: band',
      ].toSorted(),
    )
    const [second, first] = await versions(portal, 'ledger')
    expect((await portal.get(`${LEDGER}/diff?from=${first.at}&to=${second.at}`)).changes).toEqual(diff.changes)
    expect((await portal.get(`${LEDGER}/diff`)).changes).toEqual(diff.changes)
    expect((await portal.get(`${LEDGER}/diff?from=2&to=2`)).text).toBe('')
    for (const wrong of ['from=7', 'to=never']) expect((await portal.request(`${LEDGER}/diff?${wrong}`)).ok).toBe(false)
  })

  it('names the version and actor that set each value', async () => {
    const portal = await startWithHistory()
    const { items } = await portal.get(`${LEDGER}/blame`)
    const byPath = Object.fromEntries(items.map((each: any) => [each.path, [each.value, each.version, each.cause]]))
    expect(byPath).toMatchObject({
      '/kind': ['Component', 1, 'added'],
      '/metadata/tags/0': ['two', 1, 'added'],
      '/metadata/tags/1': ['three', 2, 'changed'],
      '/spec/lifecycle': ['production', 1, 'added'],
      '/spec/owner': ['band', 2, 'changed'],
    })
    const [latest] = await versions(portal, 'ledger')
    expect(items.find((each: any) => each.path === '/spec/type')).toMatchObject({
      at: latest.at,
      actor: 'system',
      location: `file:${portal.folder}/files/a.yaml`,
    })
  })

  it('of the whole catalog lists what came, went and changed, page by page', async () => {
    const portal = await startWithHistory()
    await portal.write('files/more.yaml', documents(component('b'), component('c')))
    await until(async () => expect(await names(portal)).toEqual(['b', 'c', 'ledger']))
    const from = (await find(portal, 'b')) && new Date().toISOString()
    await portal.write('files/more.yaml', documents(component('c', { type: 'tool' }), component('d')))
    await until(async () => expect(await names(portal)).toEqual(['c', 'd', 'ledger']))
    const all = await portal.get(`/api/catalog/diff?from=${from}&q=kind:component`)
    expect(all).toEqual({
      from,
      to: expect.any(String),
      added: [{ ref: 'component:default/d', version: 1 }],
      removed: [{ ref: 'component:default/b', version: 1 }],
      changed: [
        {
          ref: 'component:default/c',
          versions: { from: 1, to: 2 },
          changes: [{ path: '/spec/type', op: 'changed', from: 'service', to: 'tool' }],
        },
      ],
      total: { added: 1, removed: 1, changed: 1 },
    })
    const first = await portal.get(`/api/catalog/diff?from=${from}&to=${all.to}&filter=kind=component&limit=2`)
    expect([first.removed.length, first.changed.length, first.added.length, first.total, first.next]).toEqual([
      1,
      1,
      0,
      all.total,
      'component:default/c',
    ])
    const second = await portal.get(
      `/api/catalog/diff?from=${from}&to=${all.to}&filter=kind=component&limit=2&cursor=${first.next}`,
    )
    expect([second.added, second.total, second.next]).toEqual([all.added, all.total, undefined])
    // It left the query, which found it at the beginning.
    const left = await portal.get(`/api/catalog/diff?from=${from}&q=type:service`)
    expect(left.changed.map((each: any) => each.ref)).toEqual(['component:default/c'])
    expect((await portal.get(`/api/catalog/diff?from=${from}&q=type:none`)).total).toEqual({ added: 0, removed: 0, changed: 0 })
  })
})

describe('restoring', () => {
  it('brings a removed entity back as an orphan with its relations, until a source declares it again', async () => {
    const portal = await startWithHistory()
    await rm(join(portal.folder, 'files/a.yaml'))
    await until(async () => expect(await names(portal)).toEqual([]))
    const response = await portal.post(`${LEDGER}/versions/1/restore?reason=needed%20still`, undefined, EVE)
    expect(response.status).toBe(201)
    const restored = await response.json()
    expect(restored.metadata.annotations['backstage.io/orphan']).toBe('true')
    expect(restored.spec.type).toBe('service')
    expect(restored.relations).toEqual([
      { type: 'dependsOn', targetRef: 'component:default/b' },
      { type: 'ownedBy', targetRef: 'group:default/crew' },
    ])
    expect(await find(portal, 'ledger')).toEqual(restored)
    const list = await versions(portal, 'ledger')
    expect(list.map(each => [each.version, each.cause, each.actor, each.reason])).toEqual([
      [4, 'restored', 'eve', 'needed still'],
      [3, 'removed', 'system', null],
      [2, 'changed', 'system', null],
      [1, 'added', 'system', null],
    ])
    expect(list[0].etag).toBe(restored.metadata.etag)
    expect((await portal.get('/api/catalog/entities/by-query?q=is:orphan')).totalItems).toBe(1)
    await portal.write('files/a.yaml', component('ledger', { type: 'tool' }))
    await until(async () => expect((await find(portal, 'ledger')).spec.type).toBe('tool'))
    const declared = await find(portal, 'ledger')
    expect(declared.metadata.annotations).not.toHaveProperty(['backstage.io/orphan'])
    expect(declared.metadata.uid).toBe(restored.metadata.uid)
    expect(declared.relations).toEqual([{ type: 'ownedBy', targetRef: 'group:default/crew' }])
  })

  it('is refused for what a source declares, with the file and the difference', async () => {
    const portal = await startWithHistory()
    const response = await portal.post(`${LEDGER}/versions/1/restore`, undefined, EVE)
    expect(response.status).toBe(409)
    const { error } = await response.json()
    expect(error.code).toBe('RESTORE_HELD')
    expect(error.message).toContain('files/a.yaml')
    expect(error.hint).toContain('/spec/owner')
    expect((await portal.post(`${LEDGER}/versions/9/restore`, undefined, EVE)).status).toBe(404)
    expect(await versions(portal, 'ledger')).toHaveLength(2)
  })

  it('needs the permission to restore', async () => {
    const policy = definePlugin({
      name: 'policy',
      setup: portal => portal.policy(({ permission }) => (permission.name === 'catalog.entity.restore' ? 'deny' : 'allow')),
    })
    const portal = await startWithHistory({ plugins: [policy] })
    await rm(join(portal.folder, 'files/a.yaml'))
    await until(async () => expect(await names(portal)).toEqual([]))
    expect((await portal.post(`${LEDGER}/versions/1/restore`, undefined, EVE)).status).toBe(403)
  })
})

describe('deleting', () => {
  it('keeps who did it and why', async () => {
    const portal = await startWithHistory()
    const { uid } = (await find(portal, 'ledger')).metadata
    await portal.request(`/api/catalog/entities/by-uid/${uid}?reason=Moved%20away`, { method: 'DELETE', headers: EVE })
    await until(async () =>
      expect((await versions(portal, 'ledger')).map(each => [each.cause, each.actor, each.reason]).slice(0, 2)).toEqual([
        ['added', 'system', null],
        ['removed', 'eve', 'Moved away'],
      ]),
    )
  })
})

describe('what is hidden', () => {
  const policy = definePlugin({
    name: 'policy',
    setup: portal =>
      portal.policy(({ actor, permission }) =>
        actor.id === 'eve' || permission.name !== 'catalog.entity.read' ? 'allow' : { when: '-label.visibility:secret' },
      ),
  })
  const secret = { labels: { visibility: 'secret' } }

  it('today stays hidden in the past, and what was hidden then is not opened by what it is now', async () => {
    const portal = await createTestPortal({
      config,
      plugins: [policy],
      files: {
        'files/org.yaml': group('crew'),
        'files/a.yaml': documents(component('closed'), component('opened', {}, secret), component('gone', {}, secret)),
      },
    })
    const eve = (path: string) => portal.get(path, { headers: EVE })
    const namesOf = (answer: any) => answer.items.map((each: any) => each.metadata.name).toSorted()
    const path = '/api/catalog/entities/by-query?filter=kind=component'
    await until(async () => expect(namesOf(await eve(path))).toEqual(['closed', 'gone', 'opened']))
    const at = new Date().toISOString()
    await portal.write('files/a.yaml', documents(component('closed', {}, secret), component('opened')))
    await until(async () => expect(namesOf(await portal.get(path))).toEqual(['opened']))
    expect(namesOf(await eve(`${path}&at=${at}`))).toEqual(['closed', 'gone', 'opened'])
    expect(await portal.get(`${path}&at=${at}`)).toMatchObject({ items: [], totalItems: 0 })
    const crew = (headers: Record<string, string>) =>
      portal.get(`/api/catalog/entities/by-name/group/default/crew?at=${at}`, { headers })
    expect([(await crew({})).relations.length, (await crew(EVE)).relations.length]).toEqual([0, 3])
    const facets = `/api/catalog/entity-facets?facet=spec.type&filter=kind=component&at=${at}`
    expect((await portal.get(facets)).facets['spec.type']).toEqual([])

    const byName = '/api/catalog/entities/by-name/component/default'
    for (const name of ['closed', 'gone'])
      for (const end of ['versions', 'versions/1', 'diff', 'blame'])
        expect([name, end, (await portal.request(`${byName}/${name}/${end}`)).status]).toEqual([name, end, 404])
    expect((await versions(portal, 'opened')).map(each => each.version)).toEqual([2])
    expect((await portal.request(`${byName}/opened/versions/1`)).status).toBe(404)
    expect((await portal.get(`/api/catalog/diff?from=${at}&q=kind:component`)).total).toEqual({
      added: 1,
      removed: 0,
      changed: 0,
    })
    const changes = (await portal.get('/api/catalog/changes?q=kind:component')).items
    expect(changes.map((each: any) => [each.ref, each.version])).toEqual([['component:default/opened', 2]])
    expect((await eve('/api/catalog/changes?q=kind:component')).items).toHaveLength(6)
  })
})
