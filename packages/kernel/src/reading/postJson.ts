import { request, type Agent } from 'undici'
import { kernelErrors } from '../errors.ts'
import type { HostRules } from './hostRules.ts'
import { discardBody } from './readBody.ts'
import { showUrl } from './showUrl.ts'
import { statusError } from './statusError.ts'

export type PostOptions = { headers?: Record<string, string>; signal: AbortSignal }

/**
 * Sends a text of JSON to a host that may be read. What is sent is signed for one address, so redirects are not followed; of
 * the answer only the status counts.
 *
 * @throws PortalError READ_… when the host is not allowed or the answer is not a success
 */
export async function postJson(
  { rules, dispatcher }: { rules: HostRules; dispatcher: Agent },
  target: URL,
  body: string,
  { headers, signal }: PostOptions,
): Promise<void> {
  rules.check(target)
  const common = { 'user-agent': 'callboard', 'content-type': 'application/json' }
  const response = await request(target, { method: 'POST', dispatcher, headers: { ...common, ...headers }, body, signal })
  discardBody(response)
  if (response.statusCode >= 200 && response.statusCode < 300) return
  if (response.statusCode >= 300 && response.statusCode < 400) {
    throw kernelErrors.READ_REDIRECT({ url: showUrl(target), problem: 'what is posted is not sent on.' })
  }
  throw statusError(response, target)
}
