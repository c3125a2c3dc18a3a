import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, document, documents } from '../../testkit/descriptors.ts'
import { find, names, problems, versions } from '../../testkit/readCatalog.ts'
import { serveFiles, type FileServer } from '../../testkit/serveFiles.ts'

async function started(server: FileServer, targets: string[] = [], catalog: object = {}): Promise<TestPortal> {
  const locations = targets.map(path => ({ type: 'url', target: server.url + path }))
  return createTestPortal({
    config: { backend: { reading: { allow: [{ host: server.host }] } }, catalog: { locations, ...catalog } },
  })
}

/** Has everything that leads to a component read again. */
async function refresh(portal: TestPortal, name: string): Promise<void> {
  expect((await portal.post('/api/catalog/refresh', { entityRef: `component:default/${name}` })).status).toBe(200)
}

describe('a URL', () => {
  it('is read with the annotations of its place, and asked again only for what changed', async () => {
    const server = await serveFiles({ '/repo/catalog-info.yaml': component('ledger') })
    const portal = await started(server, ['/repo/catalog-info.yaml'])
    await until(async () => expect(await names(portal)).toEqual(['ledger']))
    const location = `url:${server.url}/repo/catalog-info.yaml`
    const before = await find(portal, 'ledger')
    expect(before.metadata.annotations).toEqual({
      'backstage.io/managed-by-location': location,
      'backstage.io/managed-by-origin-location': location,
      'backstage.io/view-url': `${server.url}/repo/catalog-info.yaml`,
      'backstage.io/edit-url': `${server.url}/repo/catalog-info.yaml`,
      'backstage.io/source-location': `url:${server.url}/repo/`,
    })
    await refresh(portal, 'ledger')
    expect(server.answered['/repo/catalog-info.yaml']).toEqual([200, 304])
    expect(await find(portal, 'ledger')).toEqual(before)
    expect(await versions(portal, 'ledger')).toHaveLength(1)

    server.files['/repo/catalog-info.yaml'] = component('ledger', { type: 'library' })
    await refresh(portal, 'ledger')
    expect((await find(portal, 'ledger')).spec.type).toBe('library')
    expect(server.answered['/repo/catalog-info.yaml']).toEqual([200, 304, 200])
  })

  it('that fails keeps its entities and has a problem until it answers again', async () => {
    const server = await serveFiles({ '/a.yaml': component('a') })
    const portal = await started(server, ['/a.yaml'])
    await until(async () => expect(await names(portal)).toEqual(['a']))
    const before = await find(portal, 'a')
    const good = server.files['/a.yaml'] ?? ''
    const location = `${server.url}/a.yaml`
    for (const [code, answer] of [
      ['READ_UPSTREAM', (_: unknown, response: any) => response.writeHead(500).end('oh no')],
      ['READ_UPSTREAM', (_: unknown, response: any) => response.destroy()],
      ['READ_TOO_LARGE', (_: unknown, response: any) => response.writeHead(200).end(Buffer.alloc(11 * 1024 * 1024, '#'))],
      [
        'READ_HOST_NOT_ALLOWED',
        (_: unknown, response: any) => response.writeHead(302, { location: 'http://localhost:1/secret.yaml' }).end(),
      ],
      [
        'READ_HOST_NOT_ALLOWED',
        (_: unknown, response: any) => response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
      ],
      ['READ_REDIRECT', (_: unknown, response: any) => response.writeHead(302, { location }).end()],
      ['READ_NOT_FOUND', undefined],
      ['DESCRIPTOR_YAML', 'a: b: c'],
    ] as const) {
      if (answer === undefined) delete server.files['/a.yaml']
      else server.files['/a.yaml'] = answer
      await refresh(portal, 'a')
      expect((await problems(portal)).map(each => [each.code, each.location])).toEqual([[code, `url:${location}`]])
      expect(await find(portal, 'a')).toEqual(before)
    }
    server.files['/a.yaml'] = good
    await refresh(portal, 'a')
    expect(await problems(portal)).toEqual([])
    expect(await find(portal, 'a')).toEqual(before)
  })

  it('that is not there is no problem where presence is optional, and its entities go when it goes', async () => {
    const root = document('Location', 'root', { targets: ['./maybe.yaml', './never.yaml'], presence: 'optional' })
    const server = await serveFiles({ '/root.yaml': root, '/maybe.yaml': component('maybe') })
    const portal = await started(server, ['/root.yaml'])
    await until(async () => expect(await names(portal)).toEqual(['maybe']))
    expect(await problems(portal)).toEqual([])
    delete server.files['/maybe.yaml']
    await refresh(portal, 'maybe')
    expect(await problems(portal)).toEqual([])
    expect(await names(portal)).toEqual([])
  })

  it('that is not there is a problem otherwise, and so is a host that nobody allowed', async () => {
    const server = await serveFiles({})
    const other = await serveFiles({ '/b.yaml': component('b') })
    const portal = await createTestPortal({
      config: {
        backend: { reading: { allow: [{ host: server.host }] } },
        catalog: {
          locations: [
            { type: 'url', target: `${server.url}/a.yaml` },
            { type: 'url', target: `${other.url}/b.yaml` },
          ],
        },
      },
    })
    await until(async () =>
      expect((await problems(portal)).map(each => each.code).toSorted()).toEqual(['READ_HOST_NOT_ALLOWED', 'READ_NOT_FOUND']),
    )
    const refused = (await problems(portal)).find(each => each.code === 'READ_HOST_NOT_ALLOWED')
    expect(refused.hint).toBe(`Allow it in app-config.yaml:\nbackend:\n  reading:\n    allow:\n      - host: ${other.host}`)
    expect(other.answered).toEqual({})
  })

  it('leads to others relative to itself, and never to files of this machine', async () => {
    const server = await serveFiles({
      '/repo/all.yaml': documents(
        document('Location', 'all', { targets: ['./x/one.yaml', '../two.yaml'] }),
        document('Location', 'evil', { type: 'file', target: '/etc/passwd' }),
      ),
      '/repo/x/one.yaml': component('one', { text: { $text: './note.txt' } }),
      '/repo/x/note.txt': 'hello',
      '/two.yaml': component('two', { text: { $text: 'file:///etc/hostname' } }),
    })
    const portal = await started(server, ['/repo/all.yaml'])
    await until(async () => expect(await names(portal)).toEqual(['one']))
    expect((await find(portal, 'one')).spec.text).toBe('hello')
    expect((await problems(portal)).map(each => [each.code, each.ref]).toSorted()).toEqual([
      ['CATALOG_LOCATION_TYPE', 'location:default/evil'],
      ['DESCRIPTOR_PLACEHOLDER', 'component:default/two'],
    ])
    server.files['/repo/x/note.txt'] = 'changed'
    await refresh(portal, 'one')
    expect((await find(portal, 'one')).spec.text).toBe('changed')
  })

  it('is asked for changes by itself every processingInterval', async () => {
    const server = await serveFiles({ '/a.yaml': component('a') })
    const portal = await started(server, ['/a.yaml'], { processingInterval: { seconds: 1 } })
    await until(async () => expect(await names(portal)).toEqual(['a']))
    server.files['/a.yaml'] = component('a', { type: 'library' })
    await until(async () => expect((await find(portal, 'a')).spec.type).toBe('library'), 25_000)
  })
})
