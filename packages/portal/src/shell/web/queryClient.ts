import { ApiError } from '@callboard/ui/fetchJson'
import { QueryClient } from '@tanstack/react-query'

const FRESH_MS = 30_000
const MAX_RETRIES = 2

/** One cache for the whole page. Server-sent events make its entries stale, so that they may live long. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      retry: (failures, error) => isWorthRetrying(error) && failures < MAX_RETRIES,
    },
  },
})

function isWorthRetrying(error: Error): boolean {
  return !(error instanceof ApiError) || error.status === 0 || error.status >= 500
}
