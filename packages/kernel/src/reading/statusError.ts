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

/** The error for an answer that is neither the text nor a redirect. */
export function statusError({ statusCode, headers }: Dispatcher.ResponseData, url: URL): PortalError {
  const values = { url: showUrl(url), host: url.host, status: statusCode }
  // why: GitHub reports a spent limit as 403 (docs.github.com, "Rate limits for the REST API").
  const isSpent = statusCode === 403 && (headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined)
  if (statusCode === 429 || isSpent) {
    const retryAfterMs = findRetryMs(headers)
    return Object.assign(kernelErrors.READ_RATE_LIMITED({ ...values, seconds: Math.ceil(retryAfterMs / 1000) }), { retryAfterMs })
  }
  if (statusCode === 404 || statusCode === 410) return kernelErrors.READ_NOT_FOUND(values)
  if (statusCode === 401 || statusCode === 403) return kernelErrors.READ_REFUSED(values)
  return kernelErrors.READ_UPSTREAM({ ...values, problem: `${url.host} answered with status ${statusCode}.` })
}

function findRetryMs(headers: Dispatcher.ResponseData['headers']): number {
  const after = String(headers['retry-after'] ?? '')
  if (/^\d+$/.test(after)) return Number(after) * 1000
  const reset = /^\d+$/.test(String(headers['x-ratelimit-reset']))
    ? Number(headers['x-ratelimit-reset']) * 1000
    : Date.parse(after)
  return Number.isNaN(reset) ? DEFAULT_RETRY_MS : Math.max(0, reset - Date.now())
}
