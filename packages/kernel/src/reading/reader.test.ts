import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { createReader, type ReaderOptions } from './reader.ts'
import { serveOnLoopback } from './serveOnLoopback.ts'
import { isRateLimited } from './statusError.ts'

const NONE = { github: [], gitlab: [] }

async function serve(listener: RequestListener): Promise<number> {
  return Number((await serveOnLoopback(listener)).split(':')[1])
}

function readerFor(port: number, options: Partial<ReaderOptions> = {}) {
  const reader = createReader({ integrations: NONE, allow: [{ host: `127.0.0.1:${port}` }], ...options })
  onTestFinished(() => reader.close())
  return reader
}

test('a text is read with its validators, and not again while it is unchanged', async () => {
  const port = await serve((request, response) => {
    const headers = { etag: '"1"', 'last-modified': 'Mon, 23 Nov 2026 00:00:00 GMT' }
    const isSame = request.headers['if-none-match'] === '"1"' || request.headers['if-modified-since'] === headers['last-modified']
    response.writeHead(isSame ? 304 : 200, headers).end(isSame ? undefined : '\uFEFFhällo')
  })
  const reader = readerFor(port)
  const url = `http://127.0.0.1:${port}/a.yaml`
  const lastModified = 'Mon, 23 Nov 2026 00:00:00 GMT'
  expect(await reader.readUrl(`${url}#part`)).toEqual({ status: 'read', text: 'hällo', etag: '"1"', lastModified, url })
  expect(await reader.readUrl(url, { etag: '"1"' })).toEqual({ status: 'unchanged' })
  expect(await reader.readUrl(url, { lastModified })).toEqual({ status: 'unchanged' })
})

test.each([
  [500, {}, 'READ_UPSTREAM', 502],
  [404, {}, 'READ_NOT_FOUND', 404],
  [401, {}, 'READ_REFUSED', 403],
  [403, {}, 'READ_REFUSED', 403],
  [204, {}, 'READ_UPSTREAM', 502],
  [429, { 'retry-after': '7' }, 'READ_RATE_LIMITED', 429],
  [403, { 'x-ratelimit-remaining': '0' }, 'READ_RATE_LIMITED', 429],
  [302, {}, 'READ_REDIRECT', 502],
  [200, { 'content-encoding': 'odd' }, 'READ_UPSTREAM', 502],
  [200, { 'content-encoding': 'gzip' }, 'READ_UPSTREAM', 502],
])('an answer with status %d and %j is %s', async (answer, headers, code, status) => {
  const port = await serve((_request, response) => response.writeHead(answer, headers).end(answer === 204 ? undefined : 'x'))
  await expect(readerFor(port).readUrl(`http://127.0.0.1:${port}/a?key=hidden`)).rejects.toMatchObject({
    code,
    status,
    message: expect.stringMatching(/^(?!.*hidden).*127\.0\.0\.1/),
  })
})

test('a rate limit tells when to ask again', async () => {
  const port = await serve((_request, response) => response.writeHead(429, { 'retry-after': '7' }).end())
  const error = await readerFor(port)
    .readUrl(`http://127.0.0.1:${port}/`)
    .catch((caught: unknown) => caught)
  expect(isRateLimited(error) && error.retryAfterMs).toBe(7000)
})

test('neither slow headers nor a dripping body hold a reader longer than its limit', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/headers') return
    response.writeHead(200)
    const drip = setInterval(() => response.write('x'), 10)
    response.on('close', () => clearInterval(drip))
  })
  const reader = readerFor(port, { timeoutMs: 150 })
  for (const path of ['headers', 'body']) {
    await expect(reader.readUrl(`http://127.0.0.1:${port}/${path}`)).rejects.toMatchObject({ code: 'READ_TIMEOUT', status: 504 })
  }
})

test('a caller may stop a read', async () => {
  const stop = new AbortController()
  const port = await serve(() => stop.abort())
  const reading = readerFor(port).readUrl(`http://127.0.0.1:${port}/`, { signal: stop.signal })
  await expect(reading).rejects.toMatchObject({ code: 'READ_ABORTED' })
})

test('a body that is too large is given up, whether announced, streamed, or packed', async () => {
  const port = await serve((request, response) => {
    if (request.url === '/announced') return void response.writeHead(200, { 'content-length': '5000' }).write('x')
    if (request.url === '/packed')
      return void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(50_000)))
    if (request.url === '/fits')
      return void response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1000)))
    response.writeHead(200)
    const more = () => void (response.writable && response.write('x'.repeat(900), more))
    more()
  })
  const reader = readerFor(port, { maxBytes: 1000 })
  for (const path of ['announced', 'streamed', 'packed']) {
    await expect(reader.readUrl(`http://127.0.0.1:${port}/${path}`)).rejects.toMatchObject({
      code: 'READ_TOO_LARGE',
      status: 413,
    })
  }
  expect(await reader.readUrl(`http://127.0.0.1:${port}/fits`)).toMatchObject({ text: 'x'.repeat(1000) })
})

test('redirects are followed to hosts that are allowed, and no further', async () => {
  const other = await serve((request, response) => response.end(`other ${request.headers.authorization ?? 'without token'}`))
  const port = await serve((request, response) => {
    const targets: Record<string, string> = {
      '/again': '/again',
      '/same': '/here',
      '/other': `http://localhost:${other}/`,
      '/file': 'file:///etc/passwd',
    }
    const location = targets[request.url ?? '']
    if (location) return void response.writeHead(302, { location }).end('moved')
    response.end('here')
  })
  const reader = readerFor(port)
  const base = `http://127.0.0.1:${port}`
  expect(await reader.readUrl(`${base}/same`)).toMatchObject({ text: 'here', url: `${base}/here` })
  await expect(reader.readUrl(`${base}/other`)).rejects.toMatchObject({
    code: 'READ_HOST_NOT_ALLOWED',
    hint: expect.stringContaining(`- host: localhost:${other}`),
  })
  await expect(reader.readUrl(`${base}/file`)).rejects.toMatchObject({ code: 'READ_URL_INVALID' })
  await expect(reader.readUrl(`${base}/again`)).rejects.toMatchObject({ code: 'READ_REDIRECT' })
  const allowing = readerFor(port, { allow: [{ host: `127.0.0.1:${port}` }, { host: `localhost:${other}` }] })
  expect(await allowing.readUrl(`${base}/other`)).toMatchObject({ text: 'other without token' })
})

test('the token of an integration goes to its API and is dropped when that redirects elsewhere', async () => {
  const other = await serve((request, response) => response.end(JSON.stringify(request.headers['private-token'] ?? null)))
  const port = await serve((request, response) => {
    if (request.url?.includes('moved')) return void response.writeHead(302, { location: `http://127.0.0.1:${other}/` }).end()
    response.end(JSON.stringify([request.url, request.headers['authorization'], request.headers['private-token']]))
  })
  const integrations = {
    github: [{ host: 'ghe.example', token: 'one', apiBaseUrl: `http://127.0.0.1:${port}/api` }],
    gitlab: [{ host: 'gl.example', token: 'two', apiBaseUrl: `http://127.0.0.1:${port}/v4` }],
  }
  const reader = readerFor(other, { integrations })
  const read = async (url: string) => {
    const answer = await reader.readUrl(url)
    return answer.status === 'read' ? JSON.parse(answer.text) : answer.status
  }
  expect(await read('https://ghe.example/o/r/blob/main/a.yaml')).toEqual([
    '/api/repos/o/r/contents/a.yaml?ref=main',
    'Bearer one',
    null,
  ])
  expect(await read('https://gl.example/g/p/-/blob/main/a.yaml')).toEqual([
    '/v4/projects/g%2Fp/repository/files/a.yaml/raw?ref=main',
    null,
    'two',
  ])
  expect(await read('https://gl.example/g/p/-/blob/main/moved.yaml')).toBe(null)
})

test.each(['http://other.example/a', 'http://169.254.169.254/latest', 'http://[::1]/', 'http://0x7f.1/', 'http://localhost/'])(
  'a host that is not allowed is not reached: %s',
  async url => {
    await expect(readerFor(1).readUrl(url)).rejects.toMatchObject({ code: 'READ_HOST_NOT_ALLOWED', status: 403 })
  },
)

test('a name that resolves to a private address is refused where it is only allowed by a wildcard', async () => {
  let asked = 0
  const port = await serve((_request, response) => response.end(String(asked++)))
  const reader = readerFor(port, { allow: [{ host: `*.localhost:${port}` }, { host: `*.0.0.1:${port}` }] })
  await expect(reader.readUrl(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({
    code: 'READ_ADDRESS_NOT_ALLOWED',
    status: 403,
    hint: expect.stringContaining(`- host: 127.0.0.1:${port}`),
  })
  expect(asked).toBe(0)
})

test.each(['file:///etc/passwd', 'ftp://a.b/c', 'no url', 'http://user:hidden@127.0.0.1:1/'])(
  '%s is not a URL to read',
  async url => {
    await expect(readerFor(1).readUrl(url)).rejects.toMatchObject({
      code: 'READ_URL_INVALID',
      message: expect.not.stringContaining('hidden'),
    })
  },
)

test('a host that is down is an upstream error', async () => {
  const port = await serve(() => undefined)
  await expect(readerFor(1).readUrl('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'READ_UPSTREAM', status: 502 })
  expect(port).toBeGreaterThan(0)
})
