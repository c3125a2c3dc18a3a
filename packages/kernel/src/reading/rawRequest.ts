import type { GithubIntegration, GitlabIntegration, Integrations } from '../config/integrationsSchema.ts'
import { githubBases, gitlabBases } from './gitHosts.ts'
import { parseGitUrl } from './gitUrl.ts'

/** The request that answers with the plain content of a file. */
export type RawRequest = { url: string; headers: Record<string, string> }

const GITHUB_REPOSITORY = /^[\w.-]+\/[\w.-]+$/
const GITHUB: GithubIntegration = { host: 'github.com' }
const GITLAB: GitlabIntegration = { host: 'gitlab.com' }

/**
 * Turns the page of a file on GitHub or GitLab into the request for its content, with the token of the integration.
 * Any other URL stays as it is and gets no token.
 */
export function toRawRequest(url: string, integrations: Integrations): RawRequest {
  const { host } = new URL(url)
  const github = [...integrations.github, GITHUB].find(integration => integration.host.toLowerCase() === host)
  const gitlab = [...integrations.gitlab, GITLAB].find(integration => new URL(gitlabBases(integration).web).host === host)
  return (github && githubRequest(url, github)) ?? (gitlab && gitlabRequest(url, gitlab)) ?? { url, headers: {} }
}

function githubRequest(url: string, integration: GithubIntegration): RawRequest | undefined {
  const git = parseGitUrl(url)
  if (!git || git.path === '' || !GITHUB_REPOSITORY.test(git.repository)) return undefined
  const { api, raw } = githubBases(integration)
  if (!integration.token && raw) return { url: `${raw}/${git.repository}/${git.ref}/${encodePath(git.path)}`, headers: {} }
  return {
    url: `${api}/repos/${git.repository}/contents/${encodePath(git.path)}?ref=${encodeURIComponent(decode(git.ref))}`,
    headers: {
      accept: 'application/vnd.github.v3.raw',
      ...(integration.token && { authorization: `Bearer ${integration.token}` }),
    },
  }
}

function gitlabRequest(url: string, integration: GitlabIntegration): RawRequest | undefined {
  const git = parseGitUrl(url)
  const { api, web } = gitlabBases(integration)
  if (!git || git.path === '') return undefined
  // why: a GitLab below a path has that path before the name of each project.
  const folder = new URL(web).pathname.replace(/^\/|\/$/g, '')
  const project = folder && git.repository.startsWith(`${folder}/`) ? git.repository.slice(folder.length + 1) : git.repository
  const file = encodeURIComponent(git.path.split('/').map(decode).join('/'))
  return {
    url: `${api}/projects/${encodeURIComponent(decode(project))}/repository/files/${file}/raw?ref=${encodeURIComponent(decode(git.ref))}`,
    headers: integration.token ? { 'private-token': integration.token } : {},
  }
}

function encodePath(path: string): string {
  return path
    .split('/')
    .map(segment => encodeURIComponent(decode(segment)))
    .join('/')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // why: a bare % in a path is meant as itself.
    return text
  }
}
