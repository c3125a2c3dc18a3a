/** The parts of a URL of a file or folder in a Git repository, as the pages of the known hosts write them. */
export type GitUrl = {
  origin: string
  /** `owner/name`, or on GitLab also `group/subgroup/name`. Encoded as in the URL. */
  repository: string
  /** The word between repository and branch, such as `/blob/`, `/-/tree/` or `/src/branch/`; empty where a query names the branch. */
  word: string
  ref: string
  /** Path of the file in the repository without a slash at its start, encoded as in the URL. */
  path: string
  /** Where path or branch stand in the query: `?path=/a&version=GBmain` or `/browse/a?at=main`. */
  query?: 'azure' | 'bitbucketServer'
}

const FILE =
  /^\/(?<repository>[^/]+(?:\/[^/]+)+?)(?<word>\/(?:-\/)?(?:blob|tree|raw|edit|blame)\/)(?<ref>[^/]+)(?:\/(?<path>.*))?$/
const RAW_GITHUB = /^\/(?<repository>[^/]+\/[^/]+)\/(?:refs\/heads\/)?(?<ref>[^/]+)(?:\/(?<path>.*))?$/
const BITBUCKET_CLOUD = /^\/(?<repository>[^/]+\/[^/]+)(?<word>\/(?:src|raw)\/)(?<ref>[^/]+)(?:\/(?<path>.*))?$/
const GITEA =
  /^\/(?<repository>[^/]+(?:\/[^/]+)+?)(?<word>\/(?:src|raw)\/(?:branch|tag|commit)\/)(?<ref>[^/]+)(?:\/(?<path>.*))?$/
const GITILES = /^\/(?<repository>.+?)(?<word>\/\+\/(?:refs\/(?:heads|tags)\/)?)(?<ref>[^/]+)(?:\/(?<path>.*))?$/
const BITBUCKET_SERVER =
  /^\/(?<repository>(?:[^/]+\/)*(?:projects|users)\/[^/]+\/repos\/[^/]+)\/(?:browse|raw)(?:\/(?<path>.*))?$/
const AZURE = /^\/(?<repository>.+\/_git\/[^/]+)\/?$/

/**
 * Takes the URL of a file in a repository apart; undefined for any other URL.
 *
 * @example
 * parseGitUrl('https://github.com/acme/shop/blob/main/docs/a.md')?.path // 'docs/a.md'
 */
export function parseGitUrl(url: string): GitUrl | undefined {
  if (!URL.canParse(url)) return undefined
  const { origin, hostname, pathname, protocol, searchParams } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  const isRaw = hostname === 'raw.githubusercontent.com'
  const patterns = isRaw ? [RAW_GITHUB] : hostname === 'bitbucket.org' ? [BITBUCKET_CLOUD] : [FILE, GITEA, GITILES]
  for (const pattern of patterns) {
    const { repository, word = '/blob/', ref, path = '' } = pattern.exec(pathname)?.groups ?? {}
    if (repository === undefined || ref === undefined) continue
    return { origin: isRaw ? 'https://github.com' : origin, repository, word, ref, path }
  }
  const server = BITBUCKET_SERVER.exec(pathname)?.groups
  if (server?.repository) {
    const ref = encodeURIComponent(searchParams.get('at') ?? 'HEAD')
    return { origin, repository: server.repository, word: '', ref, path: server.path ?? '', query: 'bitbucketServer' }
  }
  const azure = AZURE.exec(pathname)?.groups
  const path = searchParams.get('path')
  if (!azure?.repository || path === null) return undefined
  const ref = encodeURIComponent(searchParams.get('version') ?? 'HEAD')
  const encoded = path.replace(/^\/+/, '').split('/').map(encodeURIComponent).join('/')
  return { origin, repository: azure.repository, word: '', ref, path: encoded, query: 'azure' }
}

/** The repository of a file's URL, to compare with another one; undefined when the URL is not of a file in a repository. */
export function repositoryOf(url: string): string | undefined {
  const git = parseGitUrl(url)
  return git && `${git.origin}/${git.repository}`
}

/**
 * Resolves what a file refers to: relative to the file, or from the root of its repository when it begins with a slash.
 * Throws a TypeError when the base is not a URL.
 *
 * @example
 * resolveUrl('/api.yaml', 'https://github.com/acme/shop/blob/main/docs/a.md') // 'https://github.com/acme/shop/blob/main/api.yaml'
 */
export function resolveUrl(relative: string, base: string): string {
  const git = parseGitUrl(base)
  if (URL.canParse(relative) || relative.startsWith('//')) return new URL(relative, base).href
  if (git?.query) {
    const { pathname } = new URL(relative, `http://repository/${git.path}`)
    return showGitUrl({ ...git, path: pathname.slice(1) })
  }
  if (!git || !relative.startsWith('/')) return new URL(relative, base).href
  const { pathname, origin } = new URL(base)
  const root = git.path === '' ? pathname.replace(/\/?$/, '/') : pathname.slice(0, -git.path.length)
  return new URL(`.${relative}`, origin + root).href
}

/** The address where the file is edited: undefined for a commit, and the URL itself on a host without such pages. */
export function editUrl(url: string): string | undefined {
  if (/[0-9a-f]{40}/i.test(url)) return undefined
  const git = parseGitUrl(url)
  if (!git || git.query || git.word.includes('/+/')) return url
  if (git.word.startsWith('/src/') && git.word !== '/src/') return showGitUrl({ ...git, word: '/_edit/' })
  if (git.word === '/src/' || git.origin === 'https://bitbucket.org') {
    return `${showGitUrl({ ...git, word: '/src/' })}?mode=edit&spa=0&at=${git.ref}&fileviewer=file-view-default`
  }
  return withWord(git, 'edit')
}

/** The folder of a file as a `tree` URL with a slash at its end, as `backstage.io/source-location` names it. */
export function sourceLocation(url: string): string {
  const git = parseGitUrl(url)
  if (!git) return new URL('./', url).href
  const folder = { ...git, path: git.path.replace(/[^/]*$/, '') }
  return /blob|tree|raw|edit|blame/.test(git.word) ? withWord(folder, 'tree') : showGitUrl(folder)
}

/** The URL that has these parts. */
export function showGitUrl({ origin, repository, word, ref, path, query }: GitUrl): string {
  const base = `${origin}/${repository}`
  if (query === 'bitbucketServer') return `${base}/browse/${path}${ref === 'HEAD' ? '' : `?at=${ref}`}`
  if (query === 'azure') return `${base}?path=/${path}${ref === 'HEAD' ? '' : `&version=${ref}`}`
  return `${base}${word}${ref}/${path}`
}

/** A part of a URL as it is meant; a bare % is meant as itself. */
export function decodePart(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A path with each of its segments encoded once, whether it was or not. */
export function encodePath(path: string): string {
  return path
    .split('/')
    .map(segment => encodeURIComponent(decodePart(segment)))
    .join('/')
}

function withWord(git: GitUrl, next: string): string {
  return showGitUrl({ ...git, word: git.word.replace(/\w+/, next) })
}
