import { PortalError } from '@callboard/sdk/errors'
import type { Dispatcher } from 'undici'
import { kernelErrors } from '../errors.ts'
import { showUrl } from './showUrl.ts'

const DEFAULT_RETRY_MS = 60_000

/** A `READ_RATE_LIMITED` error, which knows when the host may be asked again. */
export type RateLimitedError = PortalError & { retryAfterMs: number }

/** Whether an error says that a host has to be left alone for a while. */
export function isRateLimited(error: unknown): error is RateLimitedError {
  return error instanceof PortalError && error.code === 'READ_RATE_LIMITED'
}

/** Whether an answer says that its host will answer nothing for a while. */
export function isSpent({ statusCode, headers }: Dispatcher.ResponseData): boolean {
  if (statusCode === 429) return true
  // why: GitHub reports a spent limit as 403 (docs.github.com, "Rate limits for the REST API").
  return statusCode === 403 && (headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined)
}

/** The error for an answer that is neither the text nor a redirect. */
export function statusError(response: Dispatcher.ResponseData, url: URL): PortalError {
  const { statusCode, headers } = response
  const values = { url: showUrl(url), host: url.host, status: statusCode }
  if (isSpent(response)) {
    const retryAfterMs = findRetryMs(headers)
    return Object.assign(kernelErrors.READ_RATE_LIMITED({ ...values, seconds: Math.ceil(retryAfterMs / 1000) }), { retryAfterMs })
  }
  if (statusCode === 404 || statusCode === 410) return kernelErrors.READ_NOT_FOUND(values)
  if (statusCode === 401 || statusCode === 403) return kernelErrors.READ_REFUSED(values)
  return kernelErrors.READ_UPSTREAM({ ...values, problem: `${url.host} answered with status ${statusCode}.` })
}

/** How long a host that is spent wants to be left alone. */
export function findRetryMs(headers: Dispatcher.ResponseData['headers']): number {
  const after = String(headers['retry-after'] ?? '')
  if (/^\d+$/.test(after)) return Number(after) * 1000
  const named = String(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'])
  const reset = /^\d+$/.test(named) ? Number(named) * 1000 : Date.parse(after)
  return Number.isNaN(reset) ? DEFAULT_RETRY_MS : Math.max(0, reset - Date.now())
}
