import type { Integrations } from '../config/integrationsSchema.ts'
import { gitlabBases } from './gitHosts.ts'
import { parseGitUrl, type GitUrl } from './gitUrl.ts'
import { placeInAzure } from './hosts/azure.ts'
import { placeInBitbucketCloud, placeInBitbucketServer } from './hosts/bitbucket.ts'
import { placeInGerrit } from './hosts/gerrit.ts'
import { placeInGitea } from './hosts/gitea.ts'
import { placeInGithub } from './hosts/github.ts'
import { placeInGitlab } from './hosts/gitlab.ts'
import type { RawRequest } from './rawRequest.ts'

/** A file or folder in a repository of a known host, and how to ask that host about it. */
export type GitPlace = {
  git: GitUrl
  file: RawRequest
  /** Asks for the commit that the branch is at. */
  commit: RawRequest & { conditional?: (commit: string) => string }
  findCommit(answer: string): unknown
  /** The whole repository at a commit. `strip`: how many folders stand before the repository's own. */
  archive(commit: string): RawRequest & { type: 'tar.gz' | 'zip'; strip: 0 | 1 }
}

/** Finds how to read a URL by the API of its host; undefined when its host is not a known one. */
export function findGitPlace(url: string, integrations: Integrations): GitPlace | undefined {
  const { host } = new URL(url)
  const git = parseGitUrl(url)
  if (!git) return undefined
  const of = <T extends { host: string }>(entries: readonly T[] = [], ...publicHosts: T[]) =>
    [...entries, ...publicHosts].find(each => each.host.toLowerCase() === host)
  const webOf = <T extends { host: string; baseUrl?: string }>(entries: readonly T[] = []) =>
    entries.find(each => new URL(each.baseUrl ?? `https://${each.host}`).host === host)

  const github = of(integrations.github, { host: 'github.com' })
  if (github) return placeInGithub(git, github)
  const gitlab = [...integrations.gitlab, { host: 'gitlab.com' }].find(each => new URL(gitlabBases(each).web).host === host)
  if (gitlab) return placeInGitlab(git, gitlab)
  const cloud = of(integrations.bitbucketCloud, { host: 'bitbucket.org' })
  if (cloud) return placeInBitbucketCloud(git, cloud)
  const server = of(integrations.bitbucketServer)
  if (server) return placeInBitbucketServer(git, server)
  const azure = of(integrations.azure, { host: 'dev.azure.com' })
  if (azure) return placeInAzure(git, azure)
  const gitea = webOf(integrations.gitea)
  if (gitea) return placeInGitea(git, gitea)
  const gerrit = integrations.gerrit?.find(each => new URL(each.gitilesBaseUrl ?? `https://${each.host}`).host === host)
  if (gerrit) return placeInGerrit(git, gerrit)
  return undefined
}
