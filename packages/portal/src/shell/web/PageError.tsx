import { ErrorState } from '@callboard/ui/ErrorState'
import { Page } from '@callboard/ui/Page'
import { usePageTitle } from '@callboard/ui/usePageTitle'

/** What is left of a page that broke while it was drawn, or that a newer version of the portal has replaced. */
export function PageError({ error }: { error: unknown }) {
  usePageTitle('Something went wrong')
  return (
    <Page title="Something went wrong">
      <ErrorState error={error} title="This page could not be shown." onRetry={() => window.location.reload()} />
    </Page>
  )
}
