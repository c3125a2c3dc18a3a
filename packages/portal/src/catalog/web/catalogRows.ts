import type { Entity } from '@callboard/sdk/entity'
import { stringifyEntityRef } from '@callboard/sdk/entityRef'
import { getEntityTitle } from '@callboard/ui/entityTitle'
import { fetchJson } from '@callboard/ui/fetchJson'
import { queryOptions } from '@tanstack/react-query'
import { getFilterParams, type CatalogSearch, type SortKey } from './catalogSearch.ts'
import { describeValue, valueAt } from './kindsQuery.ts'
import { fetchTitles, type Titles } from './fetchTitles.ts'

/** One line of the table. */
export type CatalogRow = {
  ref: string
  kind: string
  title: string
  /** The name where the title is another one, then the description. */
  name: string
  description: string
  owners: string[]
  systems: string[]
  type: string
  lifecycle: string
  tags: string[]
  targets: string[]
  /** What the columns of its kind show. */
  values: Record<string, string>
}

export type CatalogRows = { rows: CatalogRow[]; titles: Titles; totalItems: number; nextCursor: string; prevCursor: string }

const SORT_FIELDS: Record<SortKey, string> = {
  name: 'metadata.name',
  kind: 'kind',
  type: 'spec.type',
  lifecycle: 'spec.lifecycle',
  owner: 'spec.owner',
  system: 'spec.system',
}

const FIELDS =
  'kind,metadata.name,metadata.namespace,metadata.title,metadata.description,metadata.tags,spec.type,spec.lifecycle,spec.profile.displayName'
const EXTRA_FIELDS: Record<string, string> = {
  group: '',
  user: '',
  template: ',relations',
  location: ',spec.target,spec.targets',
}

type Reply = { items: Entity[]; totalItems: number; pageInfo: { nextCursor?: string; prevCursor?: string } }

/** @param paths of the values that columns of the kind show */
export function rowsQuery(search: CatalogSearch, paths: string[] = []) {
  return queryOptions({
    queryKey: ['catalog', 'rows', search, paths],
    queryFn: ({ signal }) => fetchRows(search, paths, signal),
  })
}

/** One page of rows, together with the titles of the owners and systems that it names. */
async function fetchRows(search: CatalogSearch, paths: string[], signal: AbortSignal): Promise<CatalogRows> {
  const params = getFilterParams(search)
  params.set('fields', [FIELDS + (EXTRA_FIELDS[search.kind] ?? ',relations'), ...paths].join(','))
  params.set('limit', String(search.limit))
  // A sort that was typed goes before the order that nobody chose.
  const isChosen = search.sort !== 'name' || search.descending
  if (isChosen || !search.q.includes('sort:')) {
    params.set('orderField', `${SORT_FIELDS[search.sort]},${search.descending ? 'desc' : 'asc'}`)
    params.set('missing', 'last')
  }
  if (search.cursor) params.set('cursor', search.cursor)
  const { items, totalItems, pageInfo } = await fetchJson<Reply>(`/api/catalog/entities/by-query?${params}`, { signal })
  const rows = items.map(each => toRow(each, paths))
  const titles = await fetchTitles(
    rows.flatMap(row => [...row.owners, ...row.systems]),
    signal,
  )
  return { rows, titles, totalItems, nextCursor: pageInfo.nextCursor ?? '', prevCursor: pageInfo.prevCursor ?? '' }
}

function toRow(entity: Entity, paths: string[]): CatalogRow {
  const { metadata, spec = {}, relations = [] } = entity
  const targetsOf = (type: string, kind = '') =>
    relations.filter(each => each.type === type && each.targetRef.startsWith(kind)).map(each => each.targetRef)
  return {
    ref: stringifyEntityRef(entity),
    kind: entity.kind,
    title: getEntityTitle(entity),
    name: metadata.namespace && metadata.namespace !== 'default' ? `${metadata.namespace}/${metadata.name}` : metadata.name,
    description: metadata.description ?? '',
    owners: targetsOf('ownedBy'),
    systems: targetsOf('partOf', 'system:'),
    type: readText(spec.type),
    lifecycle: readText(spec.lifecycle),
    tags: metadata.tags ?? [],
    targets: [spec.targets, spec.target].flat().map(readText).filter(Boolean),
    values: Object.fromEntries(paths.map(path => [path, describeValue(valueAt(entity, path))])),
  }
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
