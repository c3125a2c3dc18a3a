import { CodeBlock } from '@callboard/ui/CodeBlock'
import { EmptyState } from '@callboard/ui/EmptyState'
import { getKindLabel } from '@callboard/ui/kindLabel'
import { fetchJson } from '@callboard/ui/fetchJson'
import { Button } from '@mantine/core'
import { IconInbox, IconSearchOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { countFilters, type CatalogSearch } from './catalogSearch.ts'

const EXAMPLE = `catalog:
  locations:
    - type: file
      target: ./catalog-info.yaml
    - type: url
      target: https://github.com/acme/shop/blob/main/catalog-info.yaml
`

type Props = { search: CatalogSearch; onChange: (change: Partial<CatalogSearch>) => void }

/** No rows: because of the filters, because of the kind, or because the catalog has nothing yet. */
export function CatalogEmpty({ search, onChange }: Props) {
  const total = useQuery({
    queryKey: ['catalog', 'total'],
    queryFn: ({ signal }) => fetchJson<{ totalItems: number }>('/api/catalog/entities/by-query?limit=0', { signal }),
  })
  if (total.isPending) return null
  if (total.data?.totalItems === 0) {
    return (
      <EmptyState title="The catalog is empty" icon={<IconInbox size={22} stroke={1.5} />}>
        Say in app-config.yaml where your catalog-info.yaml files are. They appear here within seconds; a restart is needed only
        for app-config.yaml itself.
        <CodeBlock code={EXAMPLE} language="yaml" label="example for app-config.yaml" />
      </EmptyState>
    )
  }
  const isNarrowed = search.q !== '' || countFilters(search) > 0
  const what = search.kind === 'all' ? 'Nothing' : `No ${getKindLabel(search.kind)}`
  return (
    <EmptyState
      title={isNarrowed ? `${what} matches` : `${what} is here yet`}
      icon={<IconSearchOff size={22} stroke={1.5} />}
      actions={
        <>
          {isNarrowed && (
            <Button
              variant="default"
              size="sm"
              onClick={() => onChange({ q: '', kind: search.kind, type: [], owner: [], lifecycle: [], tag: [] })}
            >
              Clear filters
            </Button>
          )}
          {search.kind !== 'all' && (
            <Button variant={isNarrowed ? 'subtle' : 'default'} size="sm" onClick={() => onChange({ kind: 'all' })}>
              Look in all kinds
            </Button>
          )}
        </>
      }
    >
      {isNarrowed ? 'Take a filter away, or look in all kinds.' : 'The catalog has entities of other kinds.'}
    </EmptyState>
  )
}
