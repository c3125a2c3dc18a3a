import type { ApiError } from '@callboard/ui/fetchJson'
import { useQuery } from '@tanstack/react-query'

export type QueryFault = { position: number; length: number }

/** Where in a query the fault is: as the server says, or else by reading it here with the same parser, which is fetched only then. */
export function useQueryFault(text: string, error: ApiError | undefined): QueryFault | undefined {
  const isTold = error?.position !== undefined
  const found = useQuery({
    queryKey: ['query-fault', text],
    queryFn: () => findFault(text),
    enabled: error !== undefined && !isTold,
    staleTime: Infinity,
    retry: false,
  })
  if (!error) return undefined
  if (error.position !== undefined) return { position: error.position, length: error.length ?? 1 }
  return found.data ?? undefined
}

async function findFault(text: string): Promise<QueryFault | null> {
  const { parseQuery, QueryError } = await import('@callboard/sdk/query')
  try {
    parseQuery(text)
    return null
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    return { position: error.position, length: error.length }
  }
}
