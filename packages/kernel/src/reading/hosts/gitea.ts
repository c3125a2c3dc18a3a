import type { GiteaIntegration } from '../../config/integrationsSchema.ts'
import type { GitPlace } from '../gitPlace.ts'
import { decodePart, encodePath, type GitUrl } from '../gitUrl.ts'
import { basicAuthorization } from './basicAuthorization.ts'

/** Gitea and Forgejo (docs.gitea.com/api: repository). */
export function placeInGitea(git: GitUrl, integration: GiteaIntegration): GitPlace {
  const { host, username, password, baseUrl = `https://${host}` } = integration
  const folder = new URL(baseUrl).pathname.replace(/^\/|\/$/g, '')
  const name = folder && git.repository.startsWith(`${folder}/`) ? git.repository.slice(folder.length + 1) : git.repository
  const repository = `${baseUrl.replace(/\/$/, '')}/api/v1/repos/${name}`
  const ref = encodeURIComponent(decodePart(git.ref))
  // A password without a user is a token.
  const headers = password && !username ? { authorization: `token ${password}` } : basicAuthorization(username, password)
  const ask = (url: string) => ({ url, headers, ...(password ? { account: 'token' } : {}) })
  return {
    git,
    file: ask(`${repository}/raw/${encodePath(git.path)}?ref=${ref}`),
    commit: ask(`${repository}/commits?sha=${ref}&limit=1&stat=false&files=false&verification=false`),
    findCommit: answer => JSON.parse(answer)[0]?.sha,
    archive: commit => ({ ...ask(`${repository}/archive/${commit}.tar.gz`), type: 'tar.gz', strip: 1 }),
  }
}
