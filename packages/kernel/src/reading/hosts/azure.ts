import type { AzureIntegration } from '../../config/integrationsSchema.ts'
import type { GitPlace } from '../gitPlace.ts'
import { decodePart, type GitUrl } from '../gitUrl.ts'
import { basicAuthorization } from './basicAuthorization.ts'

const TYPES: Record<string, string> = { GB: 'branch', GT: 'tag', GC: 'commit' }

/** Azure DevOps (learn.microsoft.com/rest/api/azure/devops/git: items, commits). */
export function placeInAzure(git: GitUrl, integration: AzureIntegration): GitPlace | undefined {
  if (git.query !== 'azure') return undefined
  const [above = '', name = ''] = git.repository.split('/_git/')
  // why: a project's main repository has its name, and then a URL without it.
  const project = above.includes('/') || integration.host !== 'dev.azure.com' ? above : `${above}/${name}`
  const repository = `${git.origin}/${project}/_apis/git/repositories/${name}`
  const [organization] = above.split('/')
  const credentials = integration.credentials ?? []
  const chosen =
    credentials.find(each => each.organizations?.includes(organization ?? '')) ?? credentials.find(each => !each.organizations)
  const password = chosen?.personalAccessToken ?? integration.token
  const versionOf = (prefix: string) => {
    const ref = decodePart(git.ref)
    if (ref === 'HEAD') return ''
    const type = TYPES[ref.slice(0, 2)]
    return `&${prefix}version=${encodeURIComponent(type ? ref.slice(2) : ref)}&${prefix}versionType=${type ?? 'branch'}`
  }
  const ask = (url: string, accept: string) => ({
    url: `${url}&api-version=6.0`,
    headers: { accept, ...basicAuthorization('', password) },
    ...(password ? { account: organization ?? '' } : {}),
  })
  const path = encodeURIComponent(`/${git.path.split('/').map(decodePart).join('/')}`)
  return {
    git,
    file: ask(`${repository}/items?path=${path}${versionOf('versionDescriptor.')}`, 'application/octet-stream'),
    commit: ask(`${repository}/commits?searchCriteria.$top=1${versionOf('searchCriteria.itemVersion.')}`, 'application/json'),
    findCommit: answer => JSON.parse(answer).value?.[0]?.commitId,
    archive: commit => {
      const version = `versionDescriptor.version=${commit}&versionDescriptor.versionType=commit`
      const items = `${repository}/items?scopePath=/&recursionLevel=full&download=true&${version}`
      return { ...ask(items, 'application/zip'), type: 'zip', strip: 0 }
    },
  }
}
