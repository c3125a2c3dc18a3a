import { useServerEvents } from '@callboard/ui/useServerEvents'
import { Outlet } from '@tanstack/react-router'
import styles from './AppShell.module.css'
import { Header } from './Header.tsx'
import { Navigation } from './Navigation.tsx'

/** What stays while pages change. */
export function AppShell() {
  useServerEvents()
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#content">
        Skip to content
      </a>
      <div className={styles.rail}>
        <Navigation />
      </div>
      <Header />
      <main className={styles.main} id="content" tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}
