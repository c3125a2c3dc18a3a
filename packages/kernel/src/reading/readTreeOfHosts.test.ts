import { buffer } from 'node:stream/consumers'
import { crc32, gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { describe, expect, it, onTestFinished } from 'vitest'
import { serveOnLoopback } from './serveOnLoopback.ts'
import { createReader, type ReaderOptions } from './reader.ts'

const [FIRST, SECOND] = ['1'.repeat(40), '2'.repeat(40)]
const FILES = { 'catalog-info.yaml': 'root', 'deep/er/catalog-info.yaml': 'deep', 'deep/other.yaml': 'other' }

async function tar(folder: string): Promise<Buffer> {
  const archive = pack()
  for (const [name, text] of Object.entries(FILES)) archive.entry({ name: folder + name }, text)
  archive.finalize()
  return gzipSync(await buffer(archive))
}

/** A zip whose files are stored as they are (PKWARE APPNOTE 4.3). */
function zip(): Buffer {
  const [parts, index]: [Buffer[], Buffer[]] = [[], []]
  let offset = 0
  for (const [name, text] of Object.entries(FILES)) {
    const head = Buffer.alloc(26)
    head.writeUInt16LE(20, 0)
    head.writeUInt32LE(crc32(text), 10)
    head.writeUInt32LE(text.length, 14)
    head.writeUInt32LE(text.length, 18)
    head.writeUInt16LE(name.length, 22)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    index.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), head, tail, Buffer.from(name)]))
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), head, Buffer.from(name + text)])
    parts.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(index)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(index.length, 4)
  end.writeUInt16LE(index.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, directory, Buffer.from('PK\u0005\u0006'), end])
}

type Integrations = Partial<ReaderOptions['integrations']>

type Case = {
  integrations(host: string): Integrations
  /** The page of a folder on the host; a pattern goes behind it. */
  page(url: string, path: string): string
  authorization: string
  commit: string
  answer(commit: string): string
  archive(commit: string): string
  bytes(commit: string): Buffer | Promise<Buffer>
}

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

const HOSTS: Record<string, Case> = {
  gitlab: {
    integrations: host => ({
      gitlab: [{ host, baseUrl: `http://${host}`, apiBaseUrl: `http://${host}/api/v4`, token: 'secret' }],
    }),
    page: (url, path) => `${url}/group/sub/shop/-/blob/main/${path}`,
    authorization: 'secret',
    commit: '/api/v4/projects/group%2Fsub%2Fshop/repository/commits/main',
    answer: id => JSON.stringify({ id }),
    archive: commit => `/api/v4/projects/group%2Fsub%2Fshop/repository/archive.tar.gz?sha=${commit}`,
    bytes: commit => tar(`shop-${commit}-${commit}/`),
  },
  'bitbucket cloud': {
    integrations: host => ({ bitbucketCloud: [{ host, apiBaseUrl: `http://${host}/2.0`, username: 'u', token: 'secret' }] }),
    page: (url, path) => `${url}/acme/shop/blob/main/${path}`,
    authorization: basic('u:secret'),
    commit: '/2.0/repositories/acme/shop/commit/main',
    answer: hash => JSON.stringify({ hash }),
    archive: commit => `/acme/shop/get/${commit}.tar.gz`,
    bytes: commit => tar(`acme-shop-${commit.slice(0, 12)}/`),
  },
  'bitbucket server': {
    integrations: host => ({ bitbucketServer: [{ host, apiBaseUrl: `http://${host}/rest/api/1.0`, token: 'secret' }] }),
    page: (url, path) => `${url}/projects/ACME/repos/shop/browse/${path}?at=main`,
    authorization: 'Bearer secret',
    commit: '/rest/api/1.0/projects/ACME/repos/shop/commits?limit=1&until=main',
    answer: id => JSON.stringify({ values: [{ id }], size: 1, isLastPage: false }),
    archive: commit => `/rest/api/1.0/projects/ACME/repos/shop/archive?format=tgz&at=${commit}`,
    bytes: () => tar(''),
  },
  'azure devops': {
    integrations: host => ({ azure: [{ host, credentials: [{ organizations: ['acme'], personalAccessToken: 'secret' }] }] }),
    page: (url, path) => `${url}/acme/shop/_git/api?path=/${path}&version=GBmain`,
    authorization: basic(':secret'),
    commit:
      '/acme/shop/_apis/git/repositories/api/commits?searchCriteria.$top=1&searchCriteria.itemVersion.version=main&searchCriteria.itemVersion.versionType=branch&api-version=6.0',
    answer: commitId => JSON.stringify({ count: 1, value: [{ commitId }] }),
    archive: commit =>
      `/acme/shop/_apis/git/repositories/api/items?scopePath=/&recursionLevel=full&download=true&versionDescriptor.version=${commit}&versionDescriptor.versionType=commit&api-version=6.0`,
    bytes: zip,
  },
  gitea: {
    integrations: host => ({ gitea: [{ host, baseUrl: `http://${host}`, password: 'secret' }] }),
    page: (url, path) => `${url}/acme/shop/src/branch/main/${path}`,
    authorization: 'token secret',
    commit: '/api/v1/repos/acme/shop/commits?sha=main&limit=1&stat=false&files=false&verification=false',
    answer: sha => JSON.stringify([{ sha }]),
    archive: commit => `/api/v1/repos/acme/shop/archive/${commit}.tar.gz`,
    bytes: () => tar('shop/'),
  },
  gerrit: {
    integrations: host => ({
      gerrit: [
        { host, baseUrl: `http://${host}`, gitilesBaseUrl: `http://${host}/plugins/gitiles`, username: 'u', password: 'secret' },
      ],
    }),
    page: (url, path) => `${url}/plugins/gitiles/acme/shop/+/refs/heads/main/${path}`,
    authorization: basic('u:secret'),
    commit: '/a/plugins/gitiles/acme/shop/+/refs/heads/main?format=JSON',
    answer: commit => `)]}'\n${JSON.stringify({ commit })}`,
    archive: commit => `/a/plugins/gitiles/acme/shop/+archive/${commit}.tar.gz`,
    bytes: () => tar(''),
  },
}

function readerFor(integrations: Integrations, options: Partial<ReaderOptions> = {}) {
  const reader = createReader({ integrations: { github: [], gitlab: [], ...integrations }, allow: [], ...options })
  onTestFinished(() => reader.close())
  return reader
}

describe.each(Object.entries(HOSTS))('a repository on %s', (_name, host) => {
  it('is read from one archive with the secret of the integration, again only when its commit is another', async () => {
    const state = { commit: FIRST }
    const asked: string[] = []
    const address = await serveOnLoopback(async (request, response) => {
      const secret = request.headers.authorization ?? request.headers['private-token']
      asked.push(request.url ?? '')
      if (secret !== host.authorization) return void response.writeHead(404).end()
      if (request.url === host.commit) return void response.end(host.answer(state.commit))
      if (request.url === host.archive(state.commit)) return void response.end(await host.bytes(state.commit))
      response.writeHead(404).end()
    })
    const reader = readerFor(host.integrations(address))
    const page = (path: string) => host.page(`http://${address}`, path)
    const answer = await reader.search(page('**/catalog-info.yaml'))
    const texts = answer.status === 'read' ? answer.files.map(file => [decodeURIComponent(file.url), file.bytes.toString()]) : []
    const shown = (path: string) => decodeURIComponent(new URL(page(path)).href)
    expect(texts).toEqual([
      [shown('catalog-info.yaml'), 'root'],
      [shown('deep/er/catalog-info.yaml'), 'deep'],
    ])
    expect(answer).toMatchObject({ etag: FIRST })
    expect(await reader.search(page('**/catalog-info.yaml'), { etag: FIRST })).toEqual({ status: 'unchanged' })
    expect(asked).toEqual([host.commit, host.archive(FIRST), host.commit])
    state.commit = SECOND
    expect(await reader.readTree(page('deep'), { etag: FIRST })).toMatchObject({
      etag: SECOND,
      files: [{ path: 'deep/er/catalog-info.yaml' }, { path: 'deep/other.yaml' }],
    })
  })

  it('that fails, or is spent, says so without the secret', async () => {
    let status = 500
    const address = await serveOnLoopback(
      (_request, response) => void response.writeHead(status, { 'retry-after': '120' }).end('down'),
    )
    const integrations = host.integrations(address)
    const search = async () => {
      const failed: unknown = await readerFor(integrations)
        .search(host.page(`http://${address}`, '*.yaml'))
        .catch((error: unknown) => error)
      expect(JSON.stringify(failed) + String(failed)).not.toContain('secret')
      return failed
    }
    expect(await search()).toMatchObject({ code: 'READ_UPSTREAM' })
    status = 429
    expect(await search()).toMatchObject({ code: 'READ_RATE_LIMITED', retryAfterMs: 120_000 })
    status = 401
    expect(await search()).toMatchObject({ code: 'READ_REFUSED' })
  })

  it('that leads to another host does not take the secret there, and one that drips does not hold the reader', async () => {
    const seen: unknown[] = []
    const elsewhere = await serveOnLoopback((request, response) => {
      seen.push(request.headers.authorization ?? request.headers['private-token'])
      response.write('x')
    })
    const address = await serveOnLoopback(
      (_request, response) => void response.writeHead(302, { location: `http://${elsewhere}/archive` }).end(),
    )
    const allow = [{ host: elsewhere }]
    const reader = readerFor(host.integrations(address), { allow, timeoutMs: 300, treeTimeoutMs: 300 })
    await expect(reader.search(host.page(`http://${address}`, '*.yaml'))).rejects.toMatchObject({ code: 'READ_TIMEOUT' })
    expect(seen).toEqual([undefined])
  })
})
