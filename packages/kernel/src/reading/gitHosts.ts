import type { GithubIntegration, GitlabIntegration } from '../config/integrationsSchema.ts'

/** Where the API and the raw files of a GitHub host are, without slashes at the end. */
export function githubBases({ host, apiBaseUrl, rawBaseUrl }: GithubIntegration): { api: string; raw: string | undefined } {
  if (host === 'github.com') {
    return { api: apiBaseUrl ?? 'https://api.github.com', raw: rawBaseUrl ?? 'https://raw.githubusercontent.com' }
  }
  return { api: apiBaseUrl ?? `https://${host}/api/v3`, raw: rawBaseUrl }
}

/** Where the API and the pages of a GitLab host are, without slashes at the end. */
export function gitlabBases({ host, apiBaseUrl, baseUrl }: GitlabIntegration): { api: string; web: string } {
  const web = baseUrl ?? `https://${host}`
  return { api: apiBaseUrl ?? `${web}/api/v4`, web }
}
