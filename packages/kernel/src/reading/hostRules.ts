import type { ReadingAllowance } from '../config/backendSchema.ts'
import type { Integrations } from '../config/integrationsSchema.ts'
import { kernelErrors } from '../errors.ts'
import { githubBases, gitlabBases } from './gitHosts.ts'
import type { HostTrust } from './publicAddress.ts'
import { showUrl } from './showUrl.ts'

const PUBLIC_HOSTS = new Set([
  'github.com',
  'api.github.com',
  'raw.githubusercontent.com',
  'codeload.github.com',
  'gist.githubusercontent.com',
  'gitlab.com',
  'bitbucket.org',
  'api.bitbucket.org',
  'dev.azure.com',
])

/** Which URLs may be read, and how far the host of each is trusted. */
export type HostRules = {
  /** Throws `READ_HOST_NOT_ALLOWED` with the configuration that would allow the URL. */
  check(url: URL): void
  trust(url: URL): HostTrust
}

type Rule = { matches: (url: URL) => boolean; paths?: string[]; trust: HostTrust }

/** Makes the rules out of `integrations` and `backend.reading.allow`. */
export function createHostRules(integrations: Integrations, allow: readonly ReadingAllowance[]): HostRules {
  const named = new Set(listIntegrationHosts(integrations))
  const rules: Rule[] = [
    { matches: url => named.has(url.host), trust: 'named' },
    ...allow.map(({ host, paths }): Rule => ({
      matches: hostMatcher(host),
      paths,
      trust: host.startsWith('*.') ? 'internal' : 'named',
    })),
    { matches: url => PUBLIC_HOSTS.has(url.host), trust: 'public' },
  ]
  return {
    check: url => {
      const ofHost = rules.filter(rule => rule.matches(url))
      if (ofHost.some(({ paths }) => !paths || paths.some(path => isBelow(url.pathname, path)))) return
      const lines =
        ofHost.length > 0 ? `      - host: ${url.host}\n        paths: [${firstFolder(url)}]` : `      - host: ${url.host}`
      const hint = `Allow it in app-config.yaml:\nbackend:\n  reading:\n    allow:\n${lines}`
      throw kernelErrors.READ_HOST_NOT_ALLOWED({ url: showUrl(url) }, { hint })
    },
    trust: url => {
      const trusts = rules.filter(rule => rule.matches(url)).map(({ trust }) => trust)
      return trusts.includes('named') ? 'named' : trusts.includes('internal') ? 'internal' : 'public'
    },
  }
}

/**
 * Reads a host of the allow list: `a.b`, `a.b:8080`, `a.b:8000-8099`, each also as `*.a.b`.
 * Without a port only the port of the protocol matches.
 */
export function hostMatcher(pattern: string): (url: URL) => boolean {
  const [, host = '', low, high = low] = /^(.*?)(?::(\d+)(?:-(\d+))?)?$/.exec(pattern.toLowerCase()) ?? []
  return url => {
    const sameHost = host.startsWith('*.') ? url.hostname.endsWith(host.slice(1)) : url.hostname === host
    if (!sameHost || low === undefined) return sameHost && url.port === ''
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80))
    return port >= Number(low) && port <= Number(high)
  }
}

function isBelow(pathname: string, folder: string): boolean {
  // why: %2e%2e%2f is one segment to the URL parser, but a server may decode it and climb out of the folder.
  if (/%2f|%5c/i.test(pathname)) return false
  const base = folder.replace(/\/+$/, '')
  return pathname === base || pathname.startsWith(`${base}/`)
}

function firstFolder(url: URL): string {
  return url.pathname.split('/').slice(0, 2).join('/') || '/'
}

function listIntegrationHosts(integrations: Integrations): string[] {
  const bases = [...integrations.github.map(githubBases), ...integrations.gitlab.map(gitlabBases)].flatMap(found =>
    Object.values(found),
  )
  const hosts = Object.values(integrations).flatMap(entries => (Array.isArray(entries) ? entries.flatMap(hostOf) : []))
  // why: a GitHub of one's own sends archives from a host beside it.
  const archives = integrations.github.flatMap(({ host }) => (host === 'github.com' ? [] : `codeload.${host.toLowerCase()}`))
  return [...bases.flatMap(base => (base ? new URL(base).host : [])), ...archives, ...hosts]
}

const BASES = ['apiBaseUrl', 'baseUrl', 'gitilesBaseUrl', 'cloneUrl']

function hostOf(entry: unknown): string[] {
  if (typeof entry !== 'object' || entry === null || !('host' in entry) || typeof entry.host !== 'string') return []
  const values = new Map<string, unknown>(Object.entries(entry))
  const bases = BASES.map(key => values.get(key)).filter(value => typeof value === 'string' && URL.canParse(value))
  return [entry.host.toLowerCase(), ...bases.map(base => new URL(String(base)).host)]
}
