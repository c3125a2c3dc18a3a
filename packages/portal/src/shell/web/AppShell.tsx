import { useServerEvents } from '@callboard/ui/useServerEvents'
import { Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import styles from './AppShell.module.css'
import { Header } from './Header.tsx'
import { Navigation } from './Navigation.tsx'

/** What stays while pages change. */
export function AppShell() {
  useServerEvents()
  const main = useRef<HTMLElement>(null)
  const pathname = useRouterState({ select: state => state.resolvedLocation?.pathname })
  const lastPathname = useRef(pathname)
  useEffect(() => {
    const isFirst = lastPathname.current === undefined
    const isSame = lastPathname.current === pathname
    lastPathname.current = pathname
    // why: the link that was followed may be gone with its page; reading goes on in the new one, not at the top of the window.
    const focusContent = () => document.activeElement === document.body && main.current?.focus({ preventScroll: true })
    const frame = isFirst || isSame ? 0 : requestAnimationFrame(focusContent)
    return () => cancelAnimationFrame(frame)
  }, [pathname])
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <div className={styles.rail}>
        <Navigation />
      </div>
      <Header />
      <main ref={main} className={styles.main} id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}
