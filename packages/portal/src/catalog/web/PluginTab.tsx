import type { View } from '@callboard/sdk/views'
import { ErrorState } from '@callboard/ui/ErrorState'
import { fetchJson } from '@callboard/ui/fetchJson'
import { SkeletonLines } from '@callboard/ui/Skeleton'
import { ViewRenderer } from '@callboard/ui/ViewRenderer'
import { useQuery } from '@tanstack/react-query'
import type { EntityTab } from './EntityTabs.tsx'

type TabItem = { id: string; title: string }

/** The tabs that plugins add to an entity. */
export function usePluginTabs(entityRef: string): EntityTab[] {
  const tabs = useQuery({
    queryKey: ['shell', 'tabs', entityRef],
    queryFn: ({ signal }) => fetchJson<{ items: TabItem[] }>(`/api/shell/tabs?${new URLSearchParams({ entityRef })}`, { signal }),
  })
  return (tabs.data?.items ?? []).map(({ id, title }) => ({ path: id, title }))
}

/** What a plugin shows in its tab. */
export function PluginTab({ tab, entityRef }: { tab: EntityTab; entityRef: string }) {
  const view = useQuery({
    queryKey: ['catalog', 'tab', tab.path, entityRef],
    queryFn: ({ signal }) =>
      fetchJson<{ view: View }>(`/api/shell/tabs/view?${new URLSearchParams({ id: tab.path, entityRef })}`, { signal }),
    retry: false,
  })
  if (view.isPending) return <SkeletonLines lines={8} />
  if (view.isError && !view.data) return <ErrorState error={view.error} onRetry={() => void view.refetch()} />
  return view.data && <ViewRenderer view={view.data.view} title={tab.title} />
}
