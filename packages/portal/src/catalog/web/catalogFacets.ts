import { fetchJson } from '@callboard/ui/fetchJson'
import { queryOptions } from '@tanstack/react-query'
import { FACET_NAMES, getFilterKey, getFilterParams, type CatalogSearch, type FacetName } from './catalogSearch.ts'
import { fetchTitles, type Titles } from './fetchTitles.ts'

export type FacetValue = { value: string; count: number }
export type CatalogFacets = Record<FacetName, FacetValue[]> & { kind: FacetValue[]; ownerTitles: Titles }

type Reply = { facets: Record<string, FacetValue[]> }

export function facetsQuery(search: CatalogSearch) {
  const { kind, q, type, owner, lifecycle, tag } = search
  return queryOptions({
    queryKey: ['catalog', 'facets', { kind, q, type, owner, lifecycle, tag }],
    queryFn: ({ signal }) => fetchFacets(search, signal),
  })
}

/** The values to choose from. Each filter is counted under all the others, so that a second value can be added to it. */
async function fetchFacets(search: CatalogSearch, signal: AbortSignal): Promise<CatalogFacets> {
  const ask = async (keys: string[], without?: FacetName | 'kind') => {
    const params = getFilterParams(search, without)
    for (const key of keys) params.append('facet', key)
    return (await fetchJson<Reply>(`/api/catalog/entity-facets?${params}`, { signal })).facets
  }
  const chosen = FACET_NAMES.filter(name => search[name].length)
  const free = FACET_NAMES.filter(name => !search[name].length)
  const replies = await Promise.all([
    ask(['kind'], 'kind'),
    ...(free.length ? [ask(free.map(getFilterKey))] : []),
    ...chosen.map(name => ask([getFilterKey(name)], name)),
  ])
  const found: Record<string, FacetValue[]> = Object.assign({}, ...replies)
  const get = (name: FacetName) => withChosen(found[getFilterKey(name)] ?? [], search[name])
  const owner = get('owner')
  const ownerTitles = await fetchTitles(
    owner.map(({ value }) => value),
    signal,
  )
  return { kind: found.kind ?? [], type: get('type'), owner, lifecycle: get('lifecycle'), tag: get('tag'), ownerTitles }
}

/** Most frequent first. A chosen value stays in the list even if nothing has it, or it could not be taken back. */
function withChosen(values: FacetValue[], chosen: string[]): FacetValue[] {
  const missing = chosen.filter(value => !values.some(each => isSame(each.value, value)))
  const all = [...values, ...missing.map(value => ({ value, count: 0 }))]
  return all.toSorted((a, b) => b.count - a.count || a.value.localeCompare(b.value))
}

export function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
