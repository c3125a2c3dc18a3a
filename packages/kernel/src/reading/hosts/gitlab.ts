import type { GitlabIntegration } from '../../config/integrationsSchema.ts'
import { gitlabBases } from '../gitHosts.ts'
import type { GitPlace } from '../gitPlace.ts'
import { decodePart, type GitUrl } from '../gitUrl.ts'

/** GitLab, in the cloud or one's own (docs.gitlab.com/api: repository files, commits, archive). */
export function placeInGitlab(git: GitUrl, integration: GitlabIntegration): GitPlace {
  const { api, web } = gitlabBases(integration)
  // why: a GitLab below a path has that path before the name of each project.
  const folder = new URL(web).pathname.replace(/^\/|\/$/g, '')
  const name = folder && git.repository.startsWith(`${folder}/`) ? git.repository.slice(folder.length + 1) : git.repository
  const repository = `${api}/projects/${encodeURIComponent(decodePart(name))}/repository`
  const ref = encodeURIComponent(decodePart(git.ref))
  const file = encodeURIComponent(git.path.split('/').map(decodePart).join('/'))
  const ask = (url: string) => ({
    url,
    headers: { ...(integration.token && { 'private-token': integration.token }) },
    ...(integration.token ? { account: 'token' } : {}),
  })
  return {
    git,
    file: ask(`${repository}/files/${file}/raw?ref=${ref}`),
    commit: ask(`${repository}/commits/${ref}`),
    findCommit: answer => JSON.parse(answer).id,
    archive: commit => ({ ...ask(`${repository}/archive.tar.gz?sha=${commit}`), type: 'tar.gz', strip: 1 }),
  }
}
