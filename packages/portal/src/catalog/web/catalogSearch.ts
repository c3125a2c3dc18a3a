/** What the catalog page shows, as it stands in its address. */
export type CatalogSearch = {
  /** Lower case; `all` for every kind. */
  kind: string
  /** Text in the query language. */
  q: string
  type: string[]
  owner: string[]
  lifecycle: string[]
  tag: string[]
  sort: SortKey
  descending: boolean
  limit: number
  cursor: string
  /** Which page the cursor leads to, only to number the rows. */
  page: number
}

export type FacetName = 'type' | 'owner' | 'lifecycle' | 'tag'
export type SortKey = 'name' | 'kind' | 'type' | 'lifecycle' | 'owner' | 'system'

export const PAGE_SIZES = [20, 50, 100]
export const FACET_NAMES: FacetName[] = ['type', 'owner', 'lifecycle', 'tag']
const SORT_KEYS: SortKey[] = ['name', 'kind', 'type', 'lifecycle', 'owner', 'system']

/** Reads the address. Backstage's own form, `filters[kind]=component`, is understood as well. */
export function readCatalogSearch(text: string): CatalogSearch {
  const params = new URLSearchParams(text)
  const all = (...names: string[]) => [...new Set(names.flatMap(name => params.getAll(name)).filter(Boolean))]
  const q = params.get('q') ?? params.get('filters[text]') ?? ''
  const sort = params.get('sort') ?? ''
  const limit = Number(params.get('limit'))
  return {
    kind: (params.get('kind') ?? params.get('filters[kind]') ?? (q ? 'all' : 'component')).toLowerCase(),
    q,
    type: all('type', 'filters[type]', 'filters[type][]'),
    owner: all('owner', 'filters[owners]', 'filters[owners][]'),
    lifecycle: all('lifecycle', 'filters[lifecycles]', 'filters[lifecycles][]'),
    tag: all('tag', 'filters[tags]', 'filters[tags][]'),
    sort: SORT_KEYS.find(key => key === sort.replace(/^-/, '')) ?? 'name',
    descending: sort.startsWith('-'),
    limit: PAGE_SIZES.includes(limit) ? limit : 20,
    cursor: params.get('cursor') ?? '',
    page: Math.max(1, Math.trunc(Number(params.get('page'))) || 1),
  }
}

/** The address of a catalog page. What is as usual is left out. */
export function getCatalogHref(search: Partial<CatalogSearch>): string {
  const params = new URLSearchParams()
  const usualKind = search.q ? 'all' : 'component'
  if (search.kind && search.kind !== usualKind) params.set('kind', search.kind)
  if (search.q) params.set('q', search.q)
  for (const name of FACET_NAMES) for (const value of search[name] ?? []) params.append(name, value)
  if ((search.sort && search.sort !== 'name') || search.descending) {
    params.set('sort', `${search.descending ? '-' : ''}${search.sort ?? 'name'}`)
  }
  if (search.limit && search.limit !== PAGE_SIZES[0]) params.set('limit', String(search.limit))
  if (search.cursor) params.set('cursor', search.cursor)
  if (search.cursor && search.page && search.page > 1) params.set('page', String(search.page))
  // why: these four are allowed in a query, and the address stays readable.
  const text = params.toString().replace(/%3A/g, ':').replace(/%2F/g, '/').replace(/%2C/g, ',').replace(/%40/g, '@')
  return text ? `/catalog?${text}` : '/catalog'
}

/** The same page with something changed, from its first row again. */
export function changeSearch(search: CatalogSearch, change: Partial<CatalogSearch>): CatalogSearch {
  return { ...search, cursor: '', page: 1, ...change }
}

export function countFilters(search: CatalogSearch): number {
  return FACET_NAMES.reduce((sum, name) => sum + search[name].length, 0)
}

const FILTER_KEYS: Record<FacetName, string> = {
  type: 'spec.type',
  owner: 'relations.ownedBy',
  lifecycle: 'spec.lifecycle',
  tag: 'metadata.tags',
}

/** The key of a filter in the API. */
export function getFilterKey(name: FacetName): string {
  return FILTER_KEYS[name]
}

/** The `filter` and `q` parameters; `without` leaves one filter out, to count its other values. */
export function getFilterParams(search: CatalogSearch, without?: FacetName | 'kind'): URLSearchParams {
  const statements = search.kind === 'all' || without === 'kind' ? [] : [`kind=${search.kind}`]
  for (const name of FACET_NAMES) {
    if (name !== without) statements.push(...search[name].map(value => `${FILTER_KEYS[name]}=${value}`))
  }
  const params = new URLSearchParams()
  if (statements.length) params.set('filter', statements.join(','))
  if (search.q) params.set('q', search.q)
  return params
}
