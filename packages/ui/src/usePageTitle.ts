import { useEffect } from 'react'
import { usePortal } from './Portal.tsx'

/** Names the browser's tab: the page first, then the portal. */
export function usePageTitle(title: string | undefined): void {
  const portal = usePortal()
  useEffect(() => {
    document.title = title ? `${title} · ${portal.title}` : portal.title
  }, [title, portal.title])
}
