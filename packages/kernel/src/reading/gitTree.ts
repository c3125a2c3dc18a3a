import { execFile } from 'node:child_process'
import { hash } from 'node:crypto'
import { lookup } from 'node:dns/promises'
import { mkdir } from 'node:fs/promises'
import { isIP } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { GitIntegration } from '../config/integrationsSchema.ts'
import { kernelErrors } from '../errors.ts'
import { decodePart, type GitUrl } from './gitUrl.ts'
import type { HostRules } from './hostRules.ts'
import { basicAuthorization } from './hosts/basicAuthorization.ts'
import { isAddressAllowed } from './publicAddress.ts'
import { showUrl } from './showUrl.ts'
import { safePath, type Unpacked, type UnpackLimits } from './unpack.ts'

const run = promisify(execFile)

export type GitTreeOptions = {
  git: GitUrl
  rules: HostRules
  integration?: GitIntegration
  etag?: string
  isWanted(path: string): boolean
  limits: UnpackLimits
  signal: AbortSignal
}

export type GitTree = { status: 'unchanged' } | { status: 'read'; commit: string; files: Unpacked[] }

/**
 * Reads the files of a branch with the program git, for hosts without an API that is known. What was fetched is kept in a
 * bare repository, so that the next time only what is new comes. Throws `READ_…` errors.
 */
export async function readGitTree(options: GitTreeOptions): Promise<GitTree> {
  const { git, etag } = options
  const remote = `${git.origin}/${git.repository}`
  const call = await createGitCall(options, new URL(remote))
  const ref = decodePart(git.ref)
  if (ref.startsWith('-') || /[\s:^~?*[\\]/.test(ref)) throw kernelErrors.READ_NOT_FOUND({ url: showUrl(remote) })
  const isCommit = /^[0-9a-f]{40}$/.test(ref)
  const commit = isCommit ? ref : findRef(await call(['ls-remote', '--', remote, ref, `${ref}^{}`]), ref)
  if (!commit) throw kernelErrors.READ_NOT_FOUND({ url: `${showUrl(remote)} (${ref})` })
  if (commit === etag) return { status: 'unchanged' }
  const folder = join(tmpdir(), `callboard-git-${userInfo().uid}`, hash('sha256', remote))
  return inTurn(folder, async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await call(['init', '--quiet', '--bare', folder])
    const there = await call(['-C', folder, 'cat-file', '-t', commit]).then(
      () => true,
      () => false,
    )
    if (!there) await call(['-C', folder, 'fetch', '--quiet', '--depth=1', '--no-tags', '--', remote, isCommit ? commit : ref])
    return { status: 'read', commit, files: await listFiles(call, folder, commit, remote, options) }
  })
}

type GitCall = (args: string[]) => Promise<Buffer>

async function listFiles(
  call: GitCall,
  folder: string,
  commit: string,
  url: string,
  options: GitTreeOptions,
): Promise<Unpacked[]> {
  const { limits, isWanted } = options
  const fail = (limit: string) => kernelErrors.READ_ARCHIVE_LIMIT({ url: showUrl(url), limit })
  const entries = (await call(['-C', folder, 'ls-tree', '-r', '-l', '-z', '--full-tree', commit])).toString().split('\0')
  if (entries.length > limits.entries) throw fail(`it has more than ${limits.entries} entries`)
  const found: Unpacked[] = []
  let kept = 0
  for (const entry of entries) {
    const { mode, id, size, name } = /^(?<mode>\d+) \w+ (?<id>[0-9a-f]+) +(?<size>\S+)\t(?<name>.*)$/s.exec(entry)?.groups ?? {}
    // Regular files only: neither links (120000) nor other repositories (160000).
    const path = mode?.startsWith('100') && name !== undefined ? safePath(name, 0) : undefined
    if (path === undefined || id === undefined || !isWanted(path)) continue
    kept += Number(size)
    if (Number(size) > limits.fileBytes) throw fail(`${path} is larger than ${limits.fileBytes} bytes`)
    if (kept > limits.keptBytes) throw fail(`the files that are read are larger than ${limits.keptBytes} bytes together`)
    found.push({ path, bytes: await call(['-C', folder, 'cat-file', 'blob', id]) })
  }
  return found
}

/** Runs git without the configuration of anybody, without hooks, and only towards the address that was checked. */
async function createGitCall({ rules, integration, signal, limits }: GitTreeOptions, remote: URL): Promise<GitCall> {
  rules.check(remote)
  const port = remote.port || (remote.protocol === 'https:' ? '443' : '80')
  const address = await findAddress(rules, remote)
  const { authorization } = basicAuthorization(integration?.username, integration?.password)
  const settings = [
    ['protocol.allow', 'never'],
    ['protocol.http.allow', 'always'],
    ['protocol.https.allow', 'always'],
    ['http.followRedirects', 'false'],
    ['http.proxy', ''],
    ['core.hooksPath', '/dev/null'],
    ['credential.helper', ''],
    ['gc.auto', '0'],
    ...(address ? [['http.curloptResolve', `${remote.hostname}:${port}:${address}`]] : []),
    // why: arguments are seen by everybody on the machine, the environment is not.
    ...(authorization ? [[`http.${remote.origin}/.extraHeader`, `Authorization: ${authorization}`]] : []),
  ]
  const env = Object.fromEntries([
    ['PATH', process.env.PATH ?? ''],
    ['LC_ALL', 'C'],
    ['HOME', '/nonexistent'],
    ['GIT_CONFIG_NOSYSTEM', '1'],
    ['GIT_CONFIG_GLOBAL', '/dev/null'],
    ['GIT_TERMINAL_PROMPT', '0'],
    ['GIT_ASKPASS', 'true'],
    ['GIT_CONFIG_COUNT', String(settings.length)],
    ...settings.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ])
  return async args => {
    try {
      const { stdout } = await run('git', args, {
        env,
        signal,
        encoding: 'buffer',
        maxBuffer: Math.max(limits.fileBytes, 64 << 20),
      })
      return stdout
    } catch (cause) {
      throw explainGit(cause, remote, signal)
    }
  }
}

function explainGit(cause: unknown, remote: URL, signal: AbortSignal): unknown {
  if (signal.aborted || !(cause instanceof Error)) return cause
  const url = showUrl(remote)
  if (Reflect.get(cause, 'code') === 'ENOENT') return kernelErrors.READ_GIT_MISSING({ url }, { cause })
  const said = String(Reflect.get(cause, 'stderr') ?? '').trim()
  if (/not found|does not appear|couldn't find remote ref/i.test(said)) return kernelErrors.READ_NOT_FOUND({ url }, { cause })
  if (/Authentication failed|could not read Username|error: 40[13]/i.test(said)) {
    return kernelErrors.READ_REFUSED({ url, host: remote.host, status: 401 }, { cause })
  }
  return kernelErrors.READ_UPSTREAM({ url, problem: said.split('\n').at(-1) ?? 'git failed.' }, { cause })
}

/** The address to connect to; undefined when the URL holds one itself. Throws `READ_ADDRESS_NOT_ALLOWED`. */
async function findAddress(rules: HostRules, url: URL): Promise<string | undefined> {
  const trust = rules.trust(url)
  const literal = url.hostname.replace(/^\[|\]$/g, '')
  const isLiteral = isIP(literal) !== 0
  const addresses = isLiteral
    ? [literal]
    : await lookup(url.hostname, { all: true }).then(
        all => all.map(each => each.address),
        (cause: Error) => {
          throw kernelErrors.READ_UPSTREAM({ url: showUrl(url), problem: cause.message }, { cause })
        },
      )
  const allowed = addresses.find(each => isAddressAllowed(each, trust))
  if (!allowed) {
    throw kernelErrors.READ_ADDRESS_NOT_ALLOWED({ url: showUrl(url), address: addresses.join(', '), host: url.host })
  }
  return isLiteral ? undefined : allowed.includes(':') ? `[${allowed}]` : allowed
}

/** Of `ls-remote`: the branch before the tag, and of a tag the commit that it is of. */
function findRef(listed: Buffer, ref: string): string | undefined {
  const ids = new Map(
    listed
      .toString()
      .split('\n')
      .map(line => line.split('\t'))
      .map(([id = '', name = '']) => [name, id] as const),
  )
  const names = [`refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`, ref]
  return names.map(name => ids.get(name)).find(id => id !== undefined)
}

const turns = new Map<string, Promise<unknown>>()

/** One after the other for each folder: two fetches into one would lock each other out. */
async function inTurn<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(folder) ?? Promise.resolve()).then(work, work)
  const done = turn.catch(() => undefined)
  turns.set(folder, done)
  void done.then(() => (turns.get(folder) === done ? turns.delete(folder) : undefined))
  return turn
}
