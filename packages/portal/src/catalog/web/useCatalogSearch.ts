import { useGo } from '@callboard/ui/AppLink'
import { useLocation } from '@tanstack/react-router'
import { useMemo } from 'react'
import { changeSearch, getCatalogHref, readCatalogSearch, type CatalogSearch } from './catalogSearch.ts'

/** The address as the state of the catalog page. */
export function useCatalogSearch(): {
  search: CatalogSearch
  change: (change: Partial<CatalogSearch>, options?: { replace?: boolean }) => void
} {
  const text = useLocation({ select: location => location.searchStr })
  const search = useMemo(() => readCatalogSearch(text), [text])
  const go = useGo()
  return { search, change: (change, options) => go(getCatalogHref(changeSearch(search, change)), options) }
}
