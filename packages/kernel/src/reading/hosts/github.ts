import type { GithubIntegration } from '../../config/integrationsSchema.ts'
import { githubBases } from '../gitHosts.ts'
import type { GitPlace } from '../gitPlace.ts'
import { decodePart, encodePath, type GitUrl } from '../gitUrl.ts'

const REPOSITORY = /^[\w.-]+\/[\w.-]+$/

/** GitHub, in the cloud or one's own (docs.github.com: repository contents, commits, download a repository archive). */
export function placeInGithub(git: GitUrl, integration: GithubIntegration): GitPlace | undefined {
  if (!REPOSITORY.test(git.repository)) return undefined
  const { api, raw } = githubBases(integration)
  const { token, apps = [] } = integration
  const owner = git.repository.slice(0, git.repository.indexOf('/'))
  const repository = `${api}/repos/${git.repository}`
  const ref = encodeURIComponent(decodePart(git.ref))
  const ask = (url: string, accept: string) => ({
    url,
    headers: { accept, ...(token && { authorization: `Bearer ${token}` }) },
    ...(apps.length > 0 ? { account: owner, app: { api, apps, owner } } : token ? { account: 'token' } : {}),
  })
  const isOpen = !token && apps.length === 0 && raw
  return {
    git,
    file: isOpen
      ? { url: `${raw}/${git.repository}/${git.ref}/${encodePath(git.path)}`, headers: {} }
      : ask(`${repository}/contents/${encodePath(git.path)}?ref=${ref}`, 'application/vnd.github.v3.raw'),
    commit: {
      ...ask(`${repository}/commits/${ref}`, 'application/vnd.github.sha'),
      // The ETag of this media type is the commit itself; an answer 304 does not count against the limit.
      conditional: commit => `"${commit}"`,
    },
    findCommit: answer => answer.trim(),
    archive: commit => ({ ...ask(`${repository}/tarball/${commit}`, 'application/vnd.github+json'), type: 'tar.gz', strip: 1 }),
  }
}
