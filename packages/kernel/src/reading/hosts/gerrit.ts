import type { GerritIntegration } from '../../config/integrationsSchema.ts'
import type { GitPlace } from '../gitPlace.ts'
import { encodePath, type GitUrl } from '../gitUrl.ts'
import { basicAuthorization } from './basicAuthorization.ts'

/** Gerrit through Gitiles, which shows its repositories (gerrit-review: Gitiles, `?format=TEXT` and `+archive`). */
export function placeInGerrit(git: GitUrl, integration: GerritIntegration): GitPlace | undefined {
  if (!git.word.includes('/+/')) return undefined
  const { host, username, password, baseUrl = `https://${host}`, gitilesBaseUrl = `https://${host}` } = integration
  const headers = basicAuthorization(username, password)
  const folder = new URL(gitilesBaseUrl).pathname.replace(/^\/|\/$/g, '')
  const name = folder && git.repository.startsWith(`${folder}/`) ? git.repository.slice(folder.length + 1) : git.repository
  const repository = `${password ? signedIn(gitilesBaseUrl, baseUrl) : gitilesBaseUrl}/${name}`
  const branch = git.word.slice('/+/'.length)
  const ask = (url: string) => ({ url, headers, ...(password ? { account: 'token' } : {}) })
  return {
    git,
    file: { ...ask(`${repository}/+/${branch}${git.ref}/${encodePath(git.path)}?format=TEXT`), encoding: 'base64' },
    commit: ask(`${repository}/+/${branch}${git.ref}?format=JSON`),
    // why: Gerrit puts )]}' before its JSON, against pages that load it as a script.
    findCommit: answer => JSON.parse(answer.replace(/^\)\]\}'/, '')).commit,
    archive: commit => ({ ...ask(`${repository}/+archive/${commit}.tar.gz`), type: 'tar.gz', strip: 0 }),
  }
}

/** Gerrit asks for the password below `/a/` (Gerrit REST API, "Authentication"). */
function signedIn(gitiles: string, base: string): string {
  const root = base.replace(/\/$/, '')
  return gitiles.startsWith(`${root}/`) ? `${root}/a${gitiles.slice(root.length)}` : gitiles
}
