import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until } from '../../testkit/createTestPortal.ts'
import { component } from '../../testkit/descriptors.ts'
import { find, names, problems } from '../../testkit/readCatalog.ts'
import { serveFiles } from '../../testkit/serveFiles.ts'

/** A GitLab with one repository, whose files may be changed. */
async function startHost(files: Record<string, string>) {
  const server = await serveFiles({})
  let commit = 0
  const idOf = (number: number) => String(number).padStart(40, 'a')
  async function push(next: Record<string, string>): Promise<void> {
    const id = idOf(++commit)
    const archive = pack()
    for (const [name, text] of Object.entries(next)) archive.entry({ name: `shop-${id}/${name}` }, text)
    archive.finalize()
    const bytes = gzipSync(await buffer(archive))
    server.files['/api/v4/projects/acme%2Fshop/repository/commits/main'] = JSON.stringify({ id })
    server.files[`/api/v4/projects/acme%2Fshop/repository/archive.tar.gz?sha=${id}`] = (_, response) => response.end(bytes)
  }
  await push(files)
  const config = (target: string) => ({
    integrations: { gitlab: [{ host: server.host, baseUrl: server.url, apiBaseUrl: `${server.url}/api/v4` }] },
    catalog: { locations: [{ type: 'url', target: `${server.url}/acme/shop/-/blob/main/${target}` }] },
  })
  const archives = () => Object.keys(server.answered).filter(path => path.includes('archive')).length
  return { server, push, config, archives }
}

describe('a pattern in a URL', () => {
  it('is read as one archive a commit, each entity with the URL of its file, and follows what comes and goes', async () => {
    const host = await startHost({
      'catalog-info.yaml': component('root'),
      'a/catalog-info.yaml': component('a'),
      'b.yaml': component('b'),
    })
    const portal = await createTestPortal({ config: host.config('**/catalog-info.yaml') })
    await until(async () => expect(await names(portal)).toEqual(['a', 'root']))
    expect((await find(portal, 'a')).metadata.annotations).toMatchObject({
      'backstage.io/managed-by-location': `url:${host.server.url}/acme/shop/-/blob/main/a/catalog-info.yaml`,
      'backstage.io/source-location': `url:${host.server.url}/acme/shop/-/tree/main/a/`,
    })
    const refresh = async () =>
      expect((await portal.post('/api/catalog/refresh', { entityRef: 'component:default/root' })).status).toBe(200)
    await refresh()
    expect(host.archives()).toBe(1)
    await host.push({ 'catalog-info.yaml': component('root'), 'c/catalog-info.yaml': component('c') })
    await refresh()
    expect(await names(portal)).toEqual(['c', 'root'])
    expect(host.archives()).toBe(2)
    expect(await problems(portal)).toEqual([])
  })

  it('that matches nothing is a problem', async () => {
    const host = await startHost({ 'b.yaml': component('b') })
    const portal = await createTestPortal({ config: host.config('**/catalog-info.yaml') })
    await until(async () => expect(await problems(portal)).toMatchObject([{ code: 'READ_NO_MATCH' }]))
  })

  it('that finds one entity in two files keeps the first and reports the second', async () => {
    const host = await startHost({ 'a/catalog-info.yaml': component('same'), 'b/catalog-info.yaml': component('same') })
    const portal = await createTestPortal({ config: host.config('*/catalog-info.yaml') })
    await until(async () => expect(await names(portal)).toEqual(['same']))
    const location = `url:${host.server.url}/acme/shop/-/blob/main/b/catalog-info.yaml`
    expect(await problems(portal)).toMatchObject([{ code: 'CATALOG_CONFLICT', location }])
  })
})

describe('a host', () => {
  it('shows what it still allows', async () => {
    const host = await startHost({ 'catalog-info.yaml': component('root') })
    const portal = await createTestPortal({ config: host.config('*.yaml') })
    await until(() => find(portal, 'root'))
    const { items } = await portal.get('/api/catalog/hosts')
    expect(items).toMatchObject([{ host: host.server.host, requests: 2, notModified: 0 }])
  })
})
