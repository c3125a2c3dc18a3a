import { execFileSync, spawn } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack, type Headers } from 'tar-stream'
import { expect, onTestFinished, test } from 'vitest'
import { serveOnLoopback } from './serveOnLoopback.ts'
import { createReader, type ReaderOptions } from './reader.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'

async function serve(listener: RequestListener): Promise<string> {
  return `http://${await serveOnLoopback(listener)}`
}

function readerFor(integrations: Partial<ReaderOptions['integrations']>, options: Partial<ReaderOptions> = {}) {
  const reader = createReader({ integrations: { github: [], gitlab: [], ...integrations }, allow: [], ...options })
  onTestFinished(() => reader.close())
  return reader
}

async function archiveOf(entries: (Headers & { text?: string })[]): Promise<Buffer> {
  const archive = pack()
  for (const { text = '', ...entry } of entries) archive.entry(entry, text)
  archive.finalize()
  return gzipSync(await buffer(archive))
}

async function github(archive: Buffer, options: Partial<ReaderOptions> = {}) {
  const asked: string[] = []
  const url = await serve((request, response) => {
    asked.push(request.url ?? '')
    const etag = `"${COMMIT}"`
    if (!request.url?.includes('/commits/')) return void response.end(archive)
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304).end()
    response.writeHead(200, { etag, 'x-ratelimit-remaining': '59', 'x-ratelimit-limit': '60' }).end(COMMIT)
  })
  return { asked, reader: readerFor({ github: [{ host: 'ghe.test', apiBaseUrl: url, token: 'one' }] }, options) }
}

const PATTERN = 'https://ghe.test/o/r/blob/main/**/catalog-info.yaml'
const summary = (answer: Awaited<ReturnType<ReturnType<typeof readerFor>['search']>>) =>
  answer.status === 'read' ? answer.files.map(({ url, bytes }) => [url, bytes.toString()]) : answer.status

test('a pattern is read from one archive, and of a known commit only the commit is asked', async () => {
  const { asked, reader } = await github(
    await archiveOf([
      { name: 'o-r-012/catalog-info.yaml', text: 'root' },
      { name: 'o-r-012/a b/catalog-info.yaml', text: 'inner' },
      { name: 'o-r-012/a b/other.yaml', text: 'other' },
      { name: 'o-r-012/../../catalog-info.yaml', text: 'out' },
      { name: '/catalog-info.yaml', text: 'absolute' },
      { name: 'o-r-012/link/catalog-info.yaml', type: 'symlink', linkname: '/etc/passwd' },
    ]),
  )
  const answer = await reader.search(PATTERN)
  expect(answer).toMatchObject({ status: 'read', etag: COMMIT })
  expect(summary(answer)).toEqual([
    ['https://ghe.test/o/r/blob/main/a%20b/catalog-info.yaml', 'inner'],
    ['https://ghe.test/o/r/blob/main/catalog-info.yaml', 'root'],
  ])
  expect(await reader.search(PATTERN, { etag: COMMIT })).toEqual({ status: 'unchanged' })
  expect(asked).toEqual(['/repos/o/r/commits/main', `/repos/o/r/tarball/${COMMIT}`, '/repos/o/r/commits/main'])
  expect(reader.budgets()).toMatchObject([{ account: 'token', remaining: 59, limit: 60, requests: 3, notModified: 1 }])
})

test.each([
  ['READ_ARCHIVE_LIMIT', { entries: 1 }],
  ['READ_ARCHIVE_LIMIT', { fileBytes: 3 }],
  ['READ_ARCHIVE_LIMIT', { keptBytes: 3 }],
  ['READ_ARCHIVE_LIMIT', { totalBytes: 600 }],
])('an archive beyond a limit is %s: %j', async (code, treeLimits) => {
  const entries = [
    { name: 'x/catalog-info.yaml', text: 'text' },
    { name: 'x/b', text: 'text' },
  ]
  const { reader } = await github(await archiveOf(entries), { treeLimits })
  await expect(reader.search(PATTERN)).rejects.toMatchObject({ code, status: 413 })
})

test('an archive that is cut off is broken', async () => {
  const whole = await archiveOf([{ name: 'x/catalog-info.yaml', text: 'text'.repeat(1000) }])
  const { reader } = await github(whole.subarray(0, whole.length - 30))
  await expect(reader.search(PATTERN)).rejects.toMatchObject({ code: 'READ_ARCHIVE_BROKEN' })
})

test('a spent limit is not asked again before its end', async () => {
  let asked = 0
  const reset = String(Math.ceil(Date.now() / 1000) + 600)
  const url = await serve((_request, response) => {
    asked++
    response.writeHead(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }).end()
  })
  const reader = readerFor({ github: [{ host: 'ghe.test', apiBaseUrl: url, token: 'one' }] })
  for (let time = 0; time < 3; time++) {
    await expect(reader.search(PATTERN)).rejects.toMatchObject({ code: 'READ_RATE_LIMITED', status: 429 })
  }
  expect(asked).toBe(1)
})

test('a GitHub App reads with the token of the installation of the owner, made once', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const asked: [string | undefined, string | undefined][] = []
  const url = await serve((request, response) => {
    asked.push([request.url, request.headers.authorization?.replace(/\.\S+/, '')])
    if (request.url?.startsWith('/app/installations?')) return void response.end('[{"id": 7, "account": {"login": "Acme"}}]')
    if (request.method === 'POST')
      return void response.writeHead(201).end('{"token": "made", "expires_at": "2999-01-01T00:00:00Z"}')
    response.end('text')
  })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const apps = [{ appId: 1, privateKey: key, allowedInstallationOwners: ['acme'] }]
  const reader = readerFor({ github: [{ host: 'ghe.test', apiBaseUrl: url, apps }] })
  for (const owner of ['acme', 'acme', 'other']) await reader.readUrl(`https://ghe.test/${owner}/r/blob/main/a.yaml`)
  const jwt = expect.stringMatching(/^Bearer eyJ/)
  expect(asked).toEqual([
    ['/app/installations?per_page=100&page=1', jwt],
    ['/app/installations/7/access_tokens', jwt],
    ['/repos/acme/r/contents/a.yaml?ref=main', 'Bearer made'],
    ['/repos/acme/r/contents/a.yaml?ref=main', 'Bearer made'],
    ['/repos/other/r/contents/a.yaml?ref=main', undefined],
  ])
})

test('any other host is read with git, which is given the password in no argument', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callboard-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args])
      .toString()
      .trim()
  git('init', '--quiet', '--initial-branch=main')
  writeFileSync(join(folder, 'catalog-info.yaml'), 'one')
  git('add', '.')
  git('commit', '--quiet', '-m', 'one')
  const seen = new Set<string | undefined>()
  const url = await serve((request, response) => {
    seen.add(request.headers.authorization)
    const { pathname, search } = new URL(request.url ?? '/', 'http://x')
    const env = {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname.replace('/acme/shop', '/.git'),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    }
    const cgi = spawn('git', ['http-backend'], { env })
    request.pipe(cgi.stdin)
    void buffer(cgi.stdout).then(all => {
      const end = all.indexOf('\r\n\r\n')
      const headers = all
        .subarray(0, end)
        .toString()
        .split('\r\n')
        .map(line => line.split(': '))
      const status = headers.find(([name]) => name === 'Status')?.[1]
      response.writeHead(Number(status?.slice(0, 3) ?? 200), Object.fromEntries(headers)).end(all.subarray(end + 4))
      return undefined
    })
  })
  const reader = readerFor({ git: [{ host: new URL(url).host, username: 'u', password: 'hidden' }] })
  const pattern = `${url}/acme/shop/blob/main/**/*.yaml`
  const first = await reader.search(pattern)
  expect(first).toMatchObject({ etag: git('rev-parse', 'HEAD') })
  expect(summary(first)).toEqual([[`${url}/acme/shop/blob/main/catalog-info.yaml`, 'one']])
  expect(await reader.search(pattern, { etag: git('rev-parse', 'HEAD') })).toEqual({ status: 'unchanged' })
  writeFileSync(join(folder, 'catalog-info.yaml'), 'two')
  git('commit', '--quiet', '-am', 'two')
  expect(summary(await reader.search(pattern))).toEqual([[`${url}/acme/shop/blob/main/catalog-info.yaml`, 'two']])
  expect([...seen]).toEqual([`Basic ${Buffer.from('u:hidden').toString('base64')}`])
  await expect(reader.search(pattern.replace('main', 'absent'))).rejects.toMatchObject({ code: 'READ_NOT_FOUND' })
})
