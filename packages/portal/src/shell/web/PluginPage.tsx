import type { View } from '@callboard/sdk/views'
import { ErrorState } from '@callboard/ui/ErrorState'
import { fetchJson } from '@callboard/ui/fetchJson'
import { Page } from '@callboard/ui/Page'
import { SkeletonLines } from '@callboard/ui/Skeleton'
import { usePageTitle } from '@callboard/ui/usePageTitle'
import { ViewRenderer } from '@callboard/ui/ViewRenderer'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { usePluginPages, type PluginPageItem } from './Navigation.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'

/** A page that a plugin gave as data. */
export function PluginPage() {
  const pathname = useLocation({ select: location => location.pathname.replace(/\/+$/, '') })
  const pages = usePluginPages()
  const page = pages.data?.items.find(({ path }) => path === pathname)
  if (page) return <PageOfPlugin key={page.id} page={page} />
  if (pages.isSuccess) return <NotFoundPage />
  return (
    <Page title="Plugin">
      {pages.error ? <ErrorState error={pages.error} onRetry={() => void pages.refetch()} /> : <SkeletonLines lines={6} />}
    </Page>
  )
}

function PageOfPlugin({ page }: { page: PluginPageItem }) {
  usePageTitle(page.title)
  const view = useQuery({
    queryKey: ['shell', 'page', page.id],
    queryFn: ({ signal }) =>
      fetchJson<{ view: View }>(`/api/shell/pages/view?${new URLSearchParams({ id: page.id })}`, { signal }),
  })
  return (
    <Page title={page.title} note={`from the plugin ${page.plugin}`} width="text">
      {view.data && <ViewRenderer view={view.data.view} title={page.title} />}
      {view.isPending && <SkeletonLines lines={6} />}
      {view.isError && !view.data && <ErrorState error={view.error} onRetry={() => void view.refetch()} />}
    </Page>
  )
}
