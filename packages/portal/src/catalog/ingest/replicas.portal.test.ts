import { describe, expect, inject, it } from 'vitest'
import { createLastingDatabase, createTestPortal, until } from '../../testkit/createTestPortal.ts'
import { component, document } from '../../testkit/descriptors.ts'
import { names } from '../../testkit/readCatalog.ts'
import { serveFiles } from '../../testkit/serveFiles.ts'

describe('a host that never answers', () => {
  it('delays no file of another host, neither at the start nor when it is registered or removed', async () => {
    const silent = await serveFiles({})
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) silent.files[`/${name}.yaml`] = () => undefined
    const server = await serveFiles({
      '/first.yaml': component('first'),
      '/all.yaml': document('Location', 'all', { target: './below.yaml' }),
      '/below.yaml': component('below'),
    })
    const dead = Object.keys(silent.files).map(path => ({ type: 'url', target: silent.url + path }))
    const portal = await createTestPortal({
      config: {
        backend: { reading: { allow: [{ host: silent.host }, { host: server.host }] } },
        catalog: { locations: [...dead, { type: 'url', target: `${server.url}/first.yaml` }] },
      },
    })
    await until(async () => expect(await names(portal)).toEqual(['first']))
    const answer = await portal.post('/api/catalog/locations', { type: 'url', target: `${server.url}/all.yaml` })
    expect(answer.status).toBe(201)
    await until(async () => expect(await names(portal)).toEqual(['below', 'first']), 5000)
    const { location } = await answer.json()
    expect((await portal.request(`/api/catalog/locations/${location.id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await names(portal)).toEqual(['first'])
  })
})

describe.runIf(inject('database') === 'postgres')('two replicas', () => {
  it('both show what one registers, of which each file is read once', async () => {
    const server = await serveFiles({ '/a.yaml': component('a'), '/b.yaml': component('b') })
    const database = await createLastingDatabase()
    const config = { backend: { reading: { allow: [{ host: server.host }] } } }
    const one = await createTestPortal({ database, config })
    const other = await createTestPortal({ database, config })
    await one.post('/api/catalog/locations', { type: 'url', target: `${server.url}/a.yaml` })
    await until(async () => expect(await names(other)).toEqual(['a']))
    expect(server.answered['/a.yaml']).toEqual([200])
    await other.post('/api/catalog/locations', { type: 'url', target: `${server.url}/b.yaml` })
    await other.close()
    await until(async () => expect(await names(one)).toEqual(['a', 'b']))
  })
})
