import type { Dispatcher } from 'undici'
import { kernelErrors } from '../errors.ts'
import { showUrl } from './showUrl.ts'
import { findRetryMs, isSpent, type RateLimitedError } from './statusError.ts'

/** What a host lets one account do, as it said last. `account` is no secret: the owner of an app's installation, or `token`. */
export type Budget = {
  host: string
  account?: string
  remaining?: number
  limit?: number
  resetAt?: Date
  /** Until then the host is not asked. */
  pausedUntil?: Date
  requests: number
  notModified: number
}

export type Budgets = {
  /** Counts a request. Throws `READ_RATE_LIMITED` without one while the budget is spent. */
  spend(url: URL, account?: string): void
  note(response: Dispatcher.ResponseData, url: URL, account?: string): void
  list(): Budget[]
}

/** Keeps what the hosts say about their limits, so that a spent limit costs no further requests. */
export function createBudgets(): Budgets {
  const budgets = new Map<string, Budget>()

  function find(url: URL, account: string | undefined): Budget {
    const key = `${url.host} ${account ?? ''}`
    const known = budgets.get(key)
    if (known) return known
    const made = { host: url.host, ...(account ? { account } : {}), requests: 0, notModified: 0 }
    budgets.set(key, made)
    return made
  }

  return {
    spend(url, account) {
      const budget = find(url, account)
      const retryAfterMs = (budget.pausedUntil?.getTime() ?? 0) - Date.now()
      if (retryAfterMs > 0) throw rateLimited(url, retryAfterMs)
      budget.requests++
    },
    note(response, url, account) {
      const { headers, statusCode } = response
      const budget = find(url, account)
      if (statusCode === 304) budget.notModified++
      const [remaining, limit, reset] = ['remaining', 'limit', 'reset'].map(name =>
        toNumber(headers[`x-ratelimit-${name}`] ?? headers[`ratelimit-${name}`]),
      )
      if (remaining !== undefined) budget.remaining = remaining
      if (limit !== undefined) budget.limit = limit
      // why: GitHub and GitLab name a moment, others the seconds until it.
      if (reset !== undefined) budget.resetAt = new Date(reset > 1e9 ? reset * 1000 : Date.now() + reset * 1000)
      if (isSpent(response)) budget.pausedUntil = new Date(Date.now() + findRetryMs(headers))
      else if (remaining === 0 && budget.resetAt) budget.pausedUntil = budget.resetAt
    },
    list: () => [...budgets.values()].map(each => ({ ...each })),
  }
}

function rateLimited(url: URL, retryAfterMs: number): RateLimitedError {
  const seconds = Math.ceil(retryAfterMs / 1000)
  return Object.assign(kernelErrors.READ_RATE_LIMITED({ url: showUrl(url), host: url.host, seconds }), { retryAfterMs })
}

function toNumber(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined
}
