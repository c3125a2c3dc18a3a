import { execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
const DEBIAN_FOLDER = '/usr/lib/postgresql'

export type TestPostgres = { url: string; stop(): Promise<void> }

/** The folder with `initdb` and `postgres`, if this machine has PostgreSQL. */
export function findPostgres(): string | undefined {
  const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [
    process.env.CALLBOARD_TEST_PG_BIN ?? '',
    ...versions.map(version => join(DEBIAN_FOLDER, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ]
  return folders.find(folder => folder !== '' && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** Starts a PostgreSQL of the tests' own in a temporary folder, as the user `postgres` when the tests run as root. */
export async function startPostgres(bin: string): Promise<TestPostgres> {
  const user = process.getuid?.() === 0 ? await findUser() : undefined
  const folder = await mkdtemp(join(tmpdir(), 'callboard-postgres-'))
  if (user) await chown(folder, user.uid, user.gid)
  await chmod(folder, 0o700)
  const options = { cwd: folder, ...user }
  const data = join(folder, 'data')
  await run(join(bin, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync'], options)
  const port = await freePort()
  const settings = ['fsync=off', 'full_page_writes=off', 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...settings.flatMap(each => ['-c', each])], {
    ...options,
    stdio: 'ignore',
  })
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await waitFor(url)
  return {
    url,
    async stop() {
      const ended = new Promise(done => server.once('exit', done))
      server.kill('SIGINT')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function findUser(): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map(async flag => Number((await run('id', [flag, 'postgres'])).stdout)))
  return { uid: uid ?? 0, gid: gid ?? 0 }
}

/** A port of this machine that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer()
    server.once('error', fail)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => done(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function waitFor(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch {
      await new Promise(done => setTimeout(done, 50))
    }
  }
  throw new Error('The PostgreSQL of the tests did not start')
}

/** A fresh database on a running server. */
export async function createDatabase(url: string, template?: string): Promise<string> {
  const name = `t${Math.random().toString(36).slice(2, 12)}`
  await query(url, `create database ${name}${template ? ` template ${template}` : ''}`)
  return url.replace(/\/[^/]*$/, `/${name}`)
}

/** Drops a database, whoever is still connected. */
export async function dropDatabase(url: string): Promise<void> {
  await query(url.replace(/\/[^/]*$/, '/postgres'), `drop database if exists ${new URL(url).pathname.slice(1)} with (force)`)
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(text)
  } finally {
    await client.end()
  }
}
