import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until } from '../../testkit/createTestPortal.ts'
import { component, documents, group } from '../../testkit/descriptors.ts'
import { find, names, versions } from '../../testkit/readCatalog.ts'

const config = {
  catalog: { rules: [{ allow: ['Component', 'Group', 'Location'] }], locations: [{ type: 'file', target: './files/*.yaml' }] },
}
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

describe('versions', () => {
  it('list every state of an entity with cause, actor and file, and give its body', async () => {
    const portal = await createTestPortal({
      config,
      files: { 'files/a.yaml': component('ledger', { type: 'one' }), 'files/b.yaml': component('b') },
    })
    await until(async () => expect(await names(portal)).toEqual(['b', 'ledger']))
    const first = await find(portal, 'ledger')
    await portal.write('files/a.yaml', component('ledger', { type: 'two' }))
    await until(async () => expect((await find(portal, 'ledger')).spec.type).toBe('two'))
    const second = await find(portal, 'ledger')
    expect(second.metadata.uid).toBe(first.metadata.uid)
    expect(second.metadata.etag).not.toBe(first.metadata.etag)
    expect(second.metadata.etag).toMatch(/^[0-9a-f]{40}$/)

    const common = {
      actor: 'system',
      reason: null,
      location: `file:${portal.folder}/files/a.yaml`,
      at: expect.stringMatching(TIME),
    }
    const list = await versions(portal, 'ledger')
    expect(list).toEqual([
      { ...common, version: 2, until: null, cause: 'changed', etag: second.metadata.etag },
      { ...common, version: 1, until: list[0].at, cause: 'added', etag: first.metadata.etag },
    ])
    const { relations: _one, ...firstBody } = first
    const { relations: _two, ...secondBody } = second
    const path = '/api/catalog/entities/by-name/component/default/ledger/versions'
    expect(await portal.get(`${path}/1`)).toEqual(firstBody)
    expect(await portal.get(`${path}/2`)).toEqual(secondBody)
    for (const wrong of ['0', '3', 'x', '99999999999']) expect((await portal.request(`${path}/${wrong}`)).status).toBe(404)

    await rm(join(portal.folder, 'files/a.yaml'))
    await until(async () => expect(await names(portal)).toEqual(['b']))
    const after = await versions(portal, 'ledger')
    expect(after.map(each => [each.version, each.cause, each.until !== null])).toEqual([
      [3, 'removed', true],
      [2, 'changed', true],
      [1, 'added', true],
    ])
    expect(await portal.get(`${path}/2`)).toEqual(secondBody)

    await portal.write('files/a.yaml', component('ledger', { type: 'two' }))
    await until(async () => expect(await names(portal)).toEqual(['b', 'ledger']))
    expect((await versions(portal, 'ledger')).map(each => [each.version, each.cause])).toEqual([
      [4, 'added'],
      [3, 'removed'],
      [2, 'changed'],
      [1, 'added'],
    ])
    expect((await find(portal, 'ledger')).metadata.uid).not.toBe(first.metadata.uid)
  })

  it('are not made by relations that come in, nor by saving a file as it was', async () => {
    const portal = await createTestPortal({ config, files: { 'files/org.yaml': group('crew'), 'files/a.yaml': component('a') } })
    await until(async () => expect(await names(portal)).toEqual(['a']))
    const crew = () => portal.get('/api/catalog/entities/by-name/group/default/crew')
    const before = await until(async () => {
      const found = await crew()
      expect(found.relations).toEqual([{ type: 'ownerOf', targetRef: 'component:default/a' }])
      return found
    })
    await portal.write('files/b.yaml', component('b'))
    await until(async () => expect(await names(portal)).toEqual(['a', 'b']))
    await portal.write('files/org.yaml', `# said again\n${group('crew')}`)
    await portal.write('files/c.yaml', component('c'))
    await until(async () => expect(await names(portal)).toEqual(['a', 'b', 'c']))
    const after = await crew()
    expect(after).toEqual({
      ...before,
      relations: ['a', 'b', 'c'].map(name => ({ type: 'ownerOf', targetRef: `component:default/${name}` })),
    })
    const { items } = await portal.get('/api/catalog/entities/by-name/group/default/crew/versions')
    expect(items).toMatchObject([{ version: 1, cause: 'added' }])
  })

  it('name who deleted an entity, and what still declares it brings it back', async () => {
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': documents(component('a'), component('b')) },
      config: {
        backend: { auth: { externalAccess: [{ type: 'static', options: { token: 'a-token-of-eve', subject: 'eve' } }] } },
        catalog: { locations: [{ type: 'file', target: './catalog-info.yaml' }] },
      },
    })
    await until(async () => expect(await names(portal)).toEqual(['a', 'b']))
    const { uid } = (await find(portal, 'a')).metadata
    const request = { method: 'DELETE', headers: { authorization: 'Bearer a-token-of-eve' } }
    const deleted = await portal.request(`/api/catalog/entities/by-uid/${uid}`, request)
    expect([deleted.status, await deleted.text()]).toEqual([204, ''])
    await until(async () =>
      expect((await versions(portal, 'a')).map(each => [each.version, each.cause, each.actor])).toEqual([
        [3, 'added', 'system'],
        [2, 'removed', 'eve'],
        [1, 'added', 'system'],
      ]),
    )
    expect((await find(portal, 'a')).metadata.uid).not.toBe(uid)
    expect((await portal.request(`/api/catalog/entities/by-uid/${uid}`)).status).toBe(404)
    for (const unknown of [uid, 'nonsense'])
      expect((await portal.request(`/api/catalog/entities/by-uid/${unknown}`, request)).status).toBe(204)
  })

  it('name who asked for the refresh that found a change', async () => {
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': component('a') },
      config: {
        backend: { auth: { externalAccess: [{ type: 'static', options: { token: 'a-token-of-eve', subject: 'eve' } }] } },
        catalog: { locations: [{ type: 'file', target: './catalog-info.yaml' }] },
      },
    })
    await until(async () => expect(await names(portal)).toEqual(['a']))
    await portal.write('catalog-info.yaml', component('a', { type: 'library' }))
    const response = await portal.post(
      '/api/catalog/refresh',
      { entityRef: 'Component:default/A' },
      { 'content-type': 'application/json', authorization: 'Bearer a-token-of-eve' },
    )
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(await versions(portal, 'a')).toMatchObject([{ version: 2, cause: 'changed' }, { version: 1 }])
  })
})
