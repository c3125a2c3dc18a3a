import { fetchJson } from '@callboard/ui/fetchJson'
import { useQuery } from '@tanstack/react-query'
import type { Problem } from '../contract.ts'

/** What is wrong in the catalog now; of one entity, when a ref is given. */
export function useProblems(ref?: string) {
  return useQuery({
    queryKey: ['catalog', 'problems', ref ?? ''],
    queryFn: ({ signal }) => {
      const query = ref ? `?${new URLSearchParams({ ref })}` : ''
      return fetchJson<{ items: Problem[] }>(`/api/catalog/problems${query}`, { signal })
    },
  })
}
