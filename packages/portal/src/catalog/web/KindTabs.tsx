import { AppLink } from '@callboard/ui/AppLink'
import { getKindLabel } from '@callboard/ui/kindLabel'
import { useQuery } from '@tanstack/react-query'
import type { CatalogFacets } from './catalogFacets.ts'
import { changeSearch, getCatalogHref, type CatalogSearch } from './catalogSearch.ts'
import { kindsQuery } from './kindsQuery.ts'
import styles from './KindTabs.module.css'

/** Which kind to show. Types and lifecycles differ between kinds, so that those filters do not come along. */
export function KindTabs({ search, facets }: { search: CatalogSearch; facets: CatalogFacets | undefined }) {
  const kinds = useQuery(kindsQuery)
  const counts = new Map((facets?.kind ?? []).map(({ value, count }) => [value.toLowerCase(), count]))
  const order = (kinds.data?.items ?? []).map(({ kind }) => kind.toLowerCase())
  const names = [...new Set([...order, ...counts.keys()])].filter(name => !facets || counts.get(name) || name === search.kind)
  const plurals = new Map((kinds.data?.items ?? []).map(({ kind, plural }) => [kind.toLowerCase(), describeKind(kind, plural)]))
  if (!names.includes(search.kind) && search.kind !== 'all') names.unshift(search.kind)
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return (
    <nav className={styles.tabs} aria-label="Kinds">
      <ul>
        {['all', ...names].map(name => (
          <li key={name}>
            <AppLink
              className={styles.tab}
              href={getCatalogHref(changeSearch(search, { kind: name, type: [], lifecycle: [] }))}
              aria-current={name === search.kind ? 'page' : undefined}
            >
              {name === 'all' ? 'All' : (plurals.get(name) ?? getKindLabel(name, true))}
              {/* why: figure spaces keep the tabs where they are until the counts come. */}
              <span className={styles.count}>{!facets ? '\u2007\u2007' : name === 'all' ? total : (counts.get(name) ?? 0)}</span>
            </AppLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** Kinds that the pages know have their own words; others have those of their definition. */
function describeKind(kind: string, plural: string): string {
  const known = getKindLabel(kind, true)
  return known.toLowerCase() === kind.toLowerCase() ? plural : known
}
