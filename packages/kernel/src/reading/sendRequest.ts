import { type Agent, type Dispatcher, request } from 'undici'
import { kernelErrors } from '../errors.ts'
import type { Budgets } from './budgets.ts'
import type { AppAccess } from './githubApp.ts'
import type { HostRules } from './hostRules.ts'
import type { RawRequest } from './rawRequest.ts'
import { discardBody, readBody } from './readBody.ts'
import { showUrl } from './showUrl.ts'
import { statusError } from './statusError.ts'

/** What every request goes through. */
export type Way = {
  rules: HostRules
  dispatcher: Agent
  budgets: Budgets
  findAppToken(access: AppAccess, call: AppCall): Promise<string | undefined>
}

type AppCall = (method: 'GET' | 'POST', url: string, headers: Record<string, string>) => Promise<string>

type SendOptions = { headers?: Record<string, string>; method?: 'GET' | 'POST'; signal: AbortSignal }

export type Answer = { response: Dispatcher.ResponseData; url: URL }

const MOST_REDIRECTS = 5
const REDIRECTS = new Set([301, 302, 303, 307, 308])
const MOST_BYTES_OF_JSON = 5 * 1024 * 1024

/** Sends a request with its credentials and follows redirects, each checked like the first. Throws `READ_…` errors. */
export async function sendRequest(
  way: Way,
  first: RawRequest,
  { headers: common, method, signal }: SendOptions,
): Promise<Answer> {
  let { url, headers, account } = first
  if (first.app) {
    const token = await way.findAppToken(first.app, (verb, target, own) =>
      askText(way, { url: target, headers: own, account: 'app' }, signal, verb),
    )
    if (token) headers = { ...headers, authorization: `Bearer ${token}` }
  }
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const target = parseWebUrl(url)
    way.rules.check(target)
    way.budgets.spend(target, account)
    const all = { 'user-agent': 'callboard', 'accept-encoding': 'gzip, br', ...common, ...headers }
    const response = await request(target, { dispatcher: way.dispatcher, method: method ?? 'GET', headers: all, signal })
    way.budgets.note(response, target, account)
    if (!REDIRECTS.has(response.statusCode)) return { response, url: target }
    discardBody(response)
    const next = nextLocation(response, target)
    // why: a token is for the host that it was configured for.
    if (next.origin !== target.origin) {
      headers = {}
      account = undefined
    }
    url = next.href
  }
  throw kernelErrors.READ_REDIRECT({ url: showUrl(first.url), problem: `it redirects more than ${MOST_REDIRECTS} times.` })
}

/** The text that an API answers with. */
async function askText(way: Way, asked: RawRequest, signal: AbortSignal, method: 'GET' | 'POST'): Promise<string> {
  const { response, url } = await sendRequest(way, asked, { method, signal })
  if (response.statusCode >= 200 && response.statusCode < 300) return readBody(response, url, MOST_BYTES_OF_JSON)
  discardBody(response)
  throw statusError(response, url)
}

/** A URL of http or https without credentials and without fragment. Throws `READ_URL_INVALID`. */
export function parseWebUrl(url: string): URL {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw kernelErrors.READ_URL_INVALID({ url: showUrl(url) })
  if (parsed.username || parsed.password) {
    const hint = 'Take the user and password out of the URL and set a token for its host in integrations.'
    throw kernelErrors.READ_URL_INVALID({ url: showUrl(url) }, { hint })
  }
  parsed.hash = ''
  return parsed
}

/** A header of an answer; the first one where it stands several times. */
export function header({ headers }: Dispatcher.ResponseData, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

function nextLocation(response: Dispatcher.ResponseData, from: URL): URL {
  const fail = (problem: string) => kernelErrors.READ_REDIRECT({ url: showUrl(from), problem })
  const next = URL.parse(header(response, 'location') ?? '', from)
  if (!header(response, 'location') || !next) throw fail('it names no new address.')
  if (from.protocol === 'https:' && next.protocol === 'http:') throw fail('it leads from https to http.')
  return next
}
