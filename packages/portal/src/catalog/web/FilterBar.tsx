import { shortenRef } from '@callboard/ui/entityTitle'
import type { ApiError } from '@callboard/ui/fetchJson'
import { Button } from '@mantine/core'
import type { CatalogFacets } from './catalogFacets.ts'
import { countFilters, type CatalogSearch, type FacetName } from './catalogSearch.ts'
import { FacetFilter } from './FacetFilter.tsx'
import styles from './FilterBar.module.css'
import { QueryField } from './QueryField.tsx'

type Props = {
  search: CatalogSearch
  facets: CatalogFacets | undefined
  error: ApiError | undefined
  onChange: (change: Partial<CatalogSearch>, options?: { replace?: boolean }) => void
}

const LABELS: Record<FacetName, string> = { type: 'Type', owner: 'Owner', lifecycle: 'Lifecycle', tag: 'Tags' }
/** Kinds without some of the filters; all others have every one. */
const SHOWN: Record<string, FacetName[]> = {
  user: ['tag'],
  group: ['type', 'tag'],
  location: ['type', 'tag'],
  domain: ['type', 'owner', 'tag'],
  system: ['type', 'owner', 'tag'],
  resource: ['type', 'owner', 'tag'],
  template: ['type', 'owner', 'tag'],
}

/** The query and the filters above the table. */
export function FilterBar({ search, facets, error, onChange }: Props) {
  const names = SHOWN[search.kind] ?? (['type', 'owner', 'lifecycle', 'tag'] satisfies FacetName[])
  return (
    <div className={styles.bar}>
      <QueryField
        value={search.q}
        kind={search.kind}
        error={error}
        onChange={(q, options) => onChange({ q, kind: search.kind }, options)}
      />
      <div className={styles.filters} role="group" aria-label="Filters">
        {names.map(name => (
          <FacetFilter
            key={name}
            label={LABELS[name]}
            values={facets?.[name] ?? []}
            chosen={search[name]}
            describe={value => (name === 'owner' ? facets?.ownerTitles.get(value)?.title || shortenRef(value) : value)}
            onChange={chosen => onChange({ [name]: chosen })}
          />
        ))}
        {countFilters(search) > 0 && (
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            onClick={() => onChange({ type: [], owner: [], lifecycle: [], tag: [] })}
          >
            Clear
          </Button>
        )}
      </div>
    </div>
  )
}
