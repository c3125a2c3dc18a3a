/** The parts of a URL of a file or folder in a Git repository on GitHub, GitLab, or a host with URLs like theirs. */
export type GitUrl = {
  origin: string
  /** `owner/name`, or on GitLab also `group/subgroup/name`. Encoded as in the URL. */
  repository: string
  /** The word between repository and branch, such as `/blob/` or `/-/tree/`. */
  word: string
  ref: string
  /** Path of the file in the repository without a slash at its start, encoded as in the URL. */
  path: string
}

const FILE =
  /^\/(?<repository>[^/]+(?:\/[^/]+)+?)(?<word>\/(?:-\/)?(?:blob|tree|raw|edit|blame)\/)(?<ref>[^/]+)(?:\/(?<path>.*))?$/
const RAW_GITHUB = /^\/(?<repository>[^/]+\/[^/]+)\/(?:refs\/heads\/)?(?<ref>[^/]+)(?:\/(?<path>.*))?$/

/**
 * Takes the URL of a file in a repository apart; undefined for any other URL.
 *
 * @example
 * parseGitUrl('https://github.com/acme/shop/blob/main/docs/a.md')?.path // 'docs/a.md'
 */
export function parseGitUrl(url: string): GitUrl | undefined {
  if (!URL.canParse(url)) return undefined
  const { origin, hostname, pathname, protocol } = new URL(url)
  if (protocol !== 'https:' && protocol !== 'http:') return undefined
  const isRaw = hostname === 'raw.githubusercontent.com'
  const { repository, word = '/blob/', ref, path = '' } = (isRaw ? RAW_GITHUB : FILE).exec(pathname)?.groups ?? {}
  if (repository === undefined || ref === undefined) return undefined
  return { origin: isRaw ? 'https://github.com' : origin, repository, word, ref, path }
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
  if (URL.canParse(relative) || !git || !relative.startsWith('/') || relative.startsWith('//'))
    return new URL(relative, base).href
  const { pathname, origin } = new URL(base)
  const root = git.path === '' ? pathname.replace(/\/?$/, '/') : pathname.slice(0, -git.path.length)
  return new URL(`.${relative}`, origin + root).href
}

/** The address where the file is edited: undefined for a commit, and the URL itself on a host without such pages. */
export function editUrl(url: string): string | undefined {
  if (/[0-9a-f]{40}/i.test(url)) return undefined
  const git = parseGitUrl(url)
  return git ? withWord(git, 'edit') : url
}

/** The folder of a file as a `tree` URL with a slash at its end, as `backstage.io/source-location` names it. */
export function sourceLocation(url: string): string {
  const git = parseGitUrl(url)
  return git ? withWord({ ...git, path: git.path.replace(/[^/]*$/, '') }, 'tree') : new URL('./', url).href
}

function withWord({ origin, repository, word, ref, path }: GitUrl, next: string): string {
  return `${origin}/${repository}${word.replace(/\w+/, next)}${ref}/${path}`
}
