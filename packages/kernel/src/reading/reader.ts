import { PortalError } from '@callboard/sdk/errors'
import { type Dispatcher, request } from 'undici'
import type { ReadingAllowance } from '../config/backendSchema.ts'
import type { Integrations } from '../config/integrationsSchema.ts'
import { kernelErrors } from '../errors.ts'
import { createHostRules } from './hostRules.ts'
import { type RawRequest, toRawRequest } from './rawRequest.ts'
import { discardBody, readBody } from './readBody.ts'
import { createSafeAgent } from './safeAgent.ts'
import { showUrl } from './showUrl.ts'
import { statusError } from './statusError.ts'

/** What a read may be told: the validators of the last answer, so that an unchanged file is not sent again. */
export type ReadOptions = { etag?: string; lastModified?: string; signal?: AbortSignal }

/** An answer; `url` is the address that the text came from in the end, after redirects. */
export type ReadResult =
  | { status: 'unchanged' }
  | { status: 'read'; text: string; etag?: string; lastModified?: string; url: string }

/** The one way to read a URL. */
export type Reader = {
  /**
   * Reads a text over http or https; pages of files on GitHub and GitLab are read as the file.
   * Throws a `READ_…` error; its messages never hold credentials.
   */
  readUrl(url: string, options?: ReadOptions): Promise<ReadResult>
  /** Ends open connections. */
  close(): Promise<void>
}

/** `timeoutMs` bounds one read as a whole, redirects included; `maxBytes` counts before and after decompression. */
export type ReaderOptions = {
  integrations: Integrations
  allow: readonly ReadingAllowance[]
  timeoutMs?: number
  maxBytes?: number
}

const MOST_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/**
 * Makes a reader that only reaches the hosts of `integrations`, `backend.reading.allow` and the public Git hosts, and for
 * hosts that the configuration does not name only public addresses.
 *
 * @example
 * const reader = createReader({ integrations: { github: [], gitlab: [] }, allow: [{ host: 'docs.acme.example' }] })
 * const answer = await reader.readUrl('https://docs.acme.example/openapi.yaml')
 */
export function createReader({ integrations, allow, timeoutMs = 15_000, maxBytes = 10 * 1024 * 1024 }: ReaderOptions): Reader {
  const rules = createHostRules(integrations, allow)
  const dispatcher = createSafeAgent(rules, timeoutMs)

  async function readUrl(url: string, options: ReadOptions = {}): Promise<ReadResult> {
    const asked = parseWebUrl(url)
    rules.check(asked)
    const deadline = AbortSignal.timeout(timeoutMs)
    const signal = options.signal ? AbortSignal.any([deadline, options.signal]) : deadline
    try {
      return await follow(toRawRequest(asked.href, integrations), options, signal)
    } catch (error) {
      throw explain(error, asked, options.signal, deadline)
    }
  }

  async function follow(first: RawRequest, options: ReadOptions, signal: AbortSignal): Promise<ReadResult> {
    let { url, headers } = first
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const target = parseWebUrl(url)
      rules.check(target)
      const response = await request(target, { dispatcher, headers: { ...commonHeaders(options), ...headers }, signal })
      if (!REDIRECTS.has(response.statusCode)) return finish(response, target)
      discardBody(response)
      const next = nextLocation(response, target)
      // why: a token is for the host that it was configured for.
      if (next.origin !== target.origin) headers = {}
      url = next.href
    }
    throw kernelErrors.READ_REDIRECT({ url: showUrl(first.url), problem: `it redirects more than ${MOST_REDIRECTS} times.` })
  }

  async function finish(response: Dispatcher.ResponseData, url: URL): Promise<ReadResult> {
    if (response.statusCode === 304) {
      discardBody(response)
      return { status: 'unchanged' }
    }
    if (response.statusCode !== 200) {
      discardBody(response)
      throw statusError(response, url)
    }
    const text = await readBody(response, url, maxBytes)
    return {
      status: 'read',
      text,
      etag: header(response, 'etag'),
      lastModified: header(response, 'last-modified'),
      url: url.href,
    }
  }

  function explain(error: unknown, url: URL, caller: AbortSignal | undefined, deadline: AbortSignal): unknown {
    if (error instanceof PortalError) return error
    const shown = showUrl(url)
    if (caller?.aborted) return kernelErrors.READ_ABORTED({ url: shown }, { cause: error })
    if (deadline.aborted || isTimeout(error)) return kernelErrors.READ_TIMEOUT({ url: shown, ms: timeoutMs }, { cause: error })
    const problem = error instanceof Error ? error.message : String(error)
    return kernelErrors.READ_UPSTREAM({ url: shown, problem }, { cause: error })
  }

  return { readUrl, close: () => dispatcher.destroy() }
}

function parseWebUrl(url: string): URL {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw kernelErrors.READ_URL_INVALID({ url: showUrl(url) })
  if (parsed.username || parsed.password) {
    const hint = 'Take the user and password out of the URL and set a token for its host in integrations.'
    throw kernelErrors.READ_URL_INVALID({ url: showUrl(url) }, { hint })
  }
  parsed.hash = ''
  return parsed
}

function nextLocation(response: Dispatcher.ResponseData, from: URL): URL {
  const fail = (problem: string) => kernelErrors.READ_REDIRECT({ url: showUrl(from), problem })
  const next = URL.parse(header(response, 'location') ?? '', from)
  if (!header(response, 'location') || !next) throw fail('it names no new address.')
  if (from.protocol === 'https:' && next.protocol === 'http:') throw fail('it leads from https to http.')
  return next
}

function commonHeaders({ etag, lastModified }: ReadOptions): Record<string, string> {
  return {
    'user-agent': 'callboard',
    'accept-encoding': 'gzip, br',
    ...(etag && { 'if-none-match': etag }),
    ...(lastModified && { 'if-modified-since': lastModified }),
  }
}

function header({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT$/.test(String(Reflect.get(error, 'code')))
}
