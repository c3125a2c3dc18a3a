import { ApiError } from '@callboard/ui/fetchJson'
import { ErrorState } from '@callboard/ui/ErrorState'
import { getKindLabel } from '@callboard/ui/kindLabel'
import { Page } from '@callboard/ui/Page'
import { usePortal } from '@callboard/ui/Portal'
import { useNarrow } from '@callboard/ui/useNarrow'
import { usePageTitle } from '@callboard/ui/usePageTitle'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CatalogEmpty } from './CatalogEmpty.tsx'
import { facetsQuery } from './catalogFacets.ts'
import styles from './CatalogPage.module.css'
import { rowsQuery, type CatalogRows } from './catalogRows.ts'
import { EntityList } from './EntityList.tsx'
import { EntityTable } from './EntityTable.tsx'
import { FilterBar } from './FilterBar.tsx'
import { kindsQuery } from './kindsQuery.ts'
import { KindTabs } from './KindTabs.tsx'
import { Paging } from './Paging.tsx'
import { ProblemsPill } from './ProblemsPill.tsx'
import { useCatalogSearch } from './useCatalogSearch.ts'

/** `/catalog`: everything there is, narrowed down. */
export function CatalogPage() {
  const portal = usePortal()
  const isNarrow = useNarrow()
  const { search, change } = useCatalogSearch()
  const label = search.kind === 'all' ? 'Catalog' : getKindLabel(search.kind, true)
  usePageTitle(label)
  const kinds = useQuery(kindsQuery)
  const columns = kinds.data?.items.find(({ kind }) => kind.toLowerCase() === search.kind)?.columns ?? []
  const page = useQuery({
    ...rowsQuery(
      search,
      columns.map(({ field }) => field),
    ),
    placeholderData: keepPreviousData,
  })
  const facets = useQuery({ ...facetsQuery(search), placeholderData: keepPreviousData })
  const queryError = page.error instanceof ApiError && page.error.status === 400 && search.q ? page.error : undefined
  const Rows = isNarrow ? EntityList : EntityTable
  // why: a query that is wrong while it is being typed must not empty the page.
  const [lastData, setLastData] = useState<CatalogRows>()
  if (page.data && page.data !== lastData) setLastData(page.data)
  const data = page.data ?? (queryError ? lastData : undefined)
  const isEmpty = page.data?.rows.length === 0 && !page.isPlaceholderData
  return (
    <Page
      title={portal.organization ? `${portal.organization} Catalog` : 'Catalog'}
      note={page.data && !page.isError ? describeCount(page.data.totalItems) : undefined}
      actions={<ProblemsPill />}
    >
      <KindTabs search={search} facets={facets.data} />
      <FilterBar search={search} facets={facets.data} error={queryError} onChange={change} />
      {page.isError && !queryError && (
        <ErrorState error={page.error} title="The catalog could not be read." onRetry={() => void page.refetch()} />
      )}
      {!page.isError && isEmpty && <CatalogEmpty search={search} onChange={change} />}
      {!isEmpty && (!page.isError || data) && (
        <div className={styles.rows} data-stale={page.isPlaceholderData || undefined} aria-busy={page.isFetching}>
          <Rows search={search} data={data} columns={columns} />
          {data && <Paging search={search} data={data} onChange={change} />}
        </div>
      )}
    </Page>
  )
}

function describeCount(count: number): string {
  return count === 1 ? '1 entity' : `${count.toLocaleString('en')} entities`
}
