import type { BitbucketCloudIntegration, BitbucketServerIntegration } from '../../config/integrationsSchema.ts'
import type { GitPlace } from '../gitPlace.ts'
import { decodePart, encodePath, type GitUrl } from '../gitUrl.ts'
import { basicAuthorization } from './basicAuthorization.ts'

/** Bitbucket Cloud (developer.atlassian.com: source, commits); archives come from the site, not from the API. */
export function placeInBitbucketCloud(git: GitUrl, integration: BitbucketCloudIntegration): GitPlace {
  const { username, appPassword, token, apiBaseUrl = 'https://api.bitbucket.org/2.0' } = integration
  const repository = `${apiBaseUrl}/repositories/${git.repository}`
  const ref = encodeURIComponent(decodePart(git.ref))
  const headers = username
    ? basicAuthorization(username, token ?? appPassword)
    : token
      ? { authorization: `Bearer ${token}` }
      : {}
  const ask = (url: string) => ({ url, headers, ...('authorization' in headers ? { account: 'token' } : {}) })
  return {
    git,
    file: ask(`${repository}/src/${ref}/${encodePath(git.path)}`),
    commit: ask(`${repository}/commit/${ref}`),
    findCommit: answer => JSON.parse(answer).hash,
    archive: commit => ({ ...ask(`${git.origin}/${git.repository}/get/${commit}.tar.gz`), type: 'tar.gz', strip: 1 }),
  }
}

const SERVER = /(?<kind>projects|users)\/(?<key>[^/]+)\/repos\/(?<slug>[^/]+)$/

/** Bitbucket Server and Data Center (developer.atlassian.com/server/bitbucket/rest: repository). */
export function placeInBitbucketServer(git: GitUrl, integration: BitbucketServerIntegration): GitPlace | undefined {
  const { kind, key, slug } = SERVER.exec(git.repository)?.groups ?? {}
  if (!key || !slug || git.query !== 'bitbucketServer') return undefined
  const { host, token, username, password, apiBaseUrl = `https://${host}/rest/api/1.0` } = integration
  const repository = `${apiBaseUrl}/projects/${kind === 'users' ? `~${key}` : key}/repos/${slug}`
  const headers = token ? { authorization: `Bearer ${token}` } : basicAuthorization(username, password)
  const ask = (url: string) => ({ url, headers, ...('authorization' in headers ? { account: 'token' } : {}) })
  const isDefault = git.ref === 'HEAD'
  return {
    git,
    file: ask(`${repository}/raw/${encodePath(git.path)}${isDefault ? '' : `?at=${git.ref}`}`),
    commit: ask(`${repository}/commits?limit=1${isDefault ? '' : `&until=${git.ref}`}`),
    findCommit: answer => JSON.parse(answer).values?.[0]?.id,
    archive: commit => ({ ...ask(`${repository}/archive?format=tgz&at=${commit}`), type: 'tar.gz', strip: 0 }),
  }
}
