import picomatch from 'picomatch'
import type { Integrations } from '../config/integrationsSchema.ts'
import { kernelErrors } from '../errors.ts'
import { findGitPlace, type GitPlace } from './gitPlace.ts'
import { readGitTree } from './gitTree.ts'
import { decodePart, parseGitUrl, showGitUrl, type GitUrl } from './gitUrl.ts'
import { discardBody, readBody } from './readBody.ts'
import { type Answer, sendRequest, type Way } from './sendRequest.ts'
import { showUrl } from './showUrl.ts'
import { statusError } from './statusError.ts'
import { unpack, type Unpacked, type UnpackLimits } from './unpack.ts'

/** A file of a repository. `path` is the one in the repository, `url` that of its page. */
export type TreeFile = { path: string; url: string; bytes: Buffer; lastModified?: string }

/** `etag` is the commit that was read. */
export type TreeResult = { status: 'unchanged' } | { status: 'read'; etag: string; files: TreeFile[] }

/** `filter` is given paths in the repository; without one all files below the folder are read. */
export type TreeOptions = { etag?: string; filter?: (path: string) => boolean; signal: AbortSignal }

export type TreeParts = Way & { integrations: Integrations; limits: UnpackLimits }

const MOST_BYTES_OF_COMMIT = 1024 * 1024

/** Reads the files below a folder of a repository from one archive; of a commit that is known already, nothing. */
export async function readTree(parts: TreeParts, url: string, { filter, ...options }: TreeOptions): Promise<TreeResult> {
  const folder = decodePart(parseGitUrl(url)?.path ?? '').replace(/\/+$/, '')
  const isBelow = (path: string) => folder === '' || path === folder || path.startsWith(`${folder}/`)
  return readFiles(parts, url, options, path => isBelow(path) && (!filter || filter(path)))
}

/** Reads the files that a URL with a pattern in its path names, such as `…/blob/main/**\/catalog-info.yaml`. */
export async function searchTree(parts: TreeParts, url: string, options: Omit<TreeOptions, 'filter'>): Promise<TreeResult> {
  const git = parseGitUrl(url)
  const isMatch = picomatch(decodePart(git?.path ?? ''), { dot: true })
  return readFiles(parts, url, options, path => isMatch(path))
}

/** Whether the path in the repository is a pattern, which `searchTree` reads. */
export function isPatternUrl(url: string): boolean {
  const git = parseGitUrl(url)
  return /[*{]/.test(git ? decodePart(git.path) : URL.canParse(url) ? decodePart(new URL(url).pathname) : '')
}

async function readFiles(
  parts: TreeParts,
  url: string,
  { etag, signal }: Omit<TreeOptions, 'filter'>,
  isWanted: (path: string) => boolean,
): Promise<TreeResult> {
  const git = parseGitUrl(url)
  if (!git) throw kernelErrors.READ_TREE_URL({ url: showUrl(url) })
  const place = findGitPlace(url, parts.integrations)
  if (!place) {
    const { rules, integrations, limits } = parts
    const { host } = new URL(url)
    const integration = integrations.git?.find(each => each.host.toLowerCase() === host)
    const tree = await readGitTree({ git, rules, integration, limits, isWanted, signal, ...(etag ? { etag } : {}) })
    return tree.status === 'unchanged' ? tree : { status: 'read', etag: tree.commit, files: toFiles(git, tree.files) }
  }
  const commit = await findCommit(parts, place, etag, signal)
  if (commit === etag) return { status: 'unchanged' }
  const { type, strip, ...asked } = place.archive(commit)
  const answer = await requireSuccess(await sendRequest(parts, asked, { headers: { 'accept-encoding': 'identity' }, signal }))
  const options = { type, strip, isWanted, limits: parts.limits, url: showUrl(url), signal }
  const files = await unpack(answer.response.body, options).finally(() => discardBody(answer.response))
  return { status: 'read', etag: commit, files: toFiles(git, files) }
}

/** The commit of the branch; the known one when the host says that nothing changed. */
async function findCommit(
  parts: TreeParts,
  { commit, findCommit: find }: GitPlace,
  etag: string | undefined,
  signal: AbortSignal,
) {
  const headers = { ...(etag && commit.conditional && { 'if-none-match': commit.conditional(etag) }) }
  const answer = await sendRequest(parts, commit, { headers, signal })
  if (etag && answer.response.statusCode === 304) {
    discardBody(answer.response)
    return etag
  }
  const { response, url } = await requireSuccess(answer)
  const text = await readBody(response, url, MOST_BYTES_OF_COMMIT)
  const found = tryFind(find, text)
  if (typeof found === 'string' && /^[0-9a-f]{6,64}$/.test(found)) return found
  throw kernelErrors.READ_UPSTREAM({ url: showUrl(url), problem: 'it names no commit.' })
}

function tryFind(find: (answer: string) => unknown, text: string): unknown {
  try {
    return find(text)
  } catch {
    // why: an answer that is no JSON names no commit, which is reported.
    return undefined
  }
}

async function requireSuccess(answer: Answer): Promise<Answer> {
  if (answer.response.statusCode === 200) return answer
  discardBody(answer.response)
  throw statusError(answer.response, answer.url)
}

function toFiles(git: GitUrl, files: Unpacked[]): TreeFile[] {
  const word = git.word.replace(/tree|raw|edit|blame/, 'blob')
  return files
    .map(({ path, bytes, modifiedAt }) => ({
      path,
      url: showGitUrl({ ...git, word, path: path.split('/').map(encodeURIComponent).join('/') }),
      bytes,
      ...(modifiedAt ? { lastModified: modifiedAt.toUTCString() } : {}),
    }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1))
}
