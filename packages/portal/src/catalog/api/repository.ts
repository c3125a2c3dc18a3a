import { parseGitUrl } from '@callboard/kernel/reading/gitUrl'

/** A repository as the URL of its page, or of something in it, names it. */
export type Repository = {
  /** URL of its page, without a slash at the end. */
  url: string
  name: string
  /** `owner/name`; on GitLab with all groups, on Azure DevOps `project/name`. */
  slug: string
  /** Branch, tag or commit, where the URL says one. */
  ref?: string
  /** The file or folder that the URL is of, without slashes around it; empty for the whole repository. */
  path: string
}

/** The repository that a URL is of; undefined when it does not look like one. */
export function findRepository(url: string): Repository | undefined {
  const git = parseGitUrl(url)
  if (git) {
    const place = { ref: git.ref, path: git.path.replace(/\/+$/, '') }
    return { url: `${git.origin}/${git.repository}`, name: lastOf(git.repository), slug: git.repository, ...place }
  }
  const { origin, pathname } = new URL(url)
  const path = pathname.replace(/^\/+|(?:\.git)?\/*$/g, '')
  const azure = /^(?:[^/]+\/)?(?<project>[^/]+)\/_git\/(?<name>[^/]+)$/.exec(path)?.groups
  if (azure) return { url: `${origin}/${path}`, name: azure.name ?? '', slug: `${azure.project}/${azure.name}`, path: '' }
  if (!/^[^/]+(\/[^/]+)+$/.test(path)) return undefined
  return { url: `${origin}/${path}`, name: lastOf(path), slug: path, path: '' }
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
