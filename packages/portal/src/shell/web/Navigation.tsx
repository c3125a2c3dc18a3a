import { AppLink } from '@callboard/ui/AppLink'
import { fetchJson } from '@callboard/ui/fetchJson'
import { usePortal } from '@callboard/ui/Portal'
import { IconPuzzle, IconSettings, type Icon } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useId } from 'react'
import { Logo } from './Logo.tsx'
import styles from './Navigation.module.css'
import { isWithin, NAVIGATION } from './navigation.ts'

export type PluginPageItem = { id: string; title: string; path: string; plugin: string }

export function usePluginPages() {
  return useQuery({
    queryKey: ['shell', 'pages'],
    queryFn: ({ signal }) => fetchJson<{ items: PluginPageItem[] }>('/api/shell/pages', { signal }),
    staleTime: Infinity,
  })
}

/** The rail at the left: where one can go in this portal. */
export function Navigation({ onGo }: { onGo?: () => void }) {
  const portal = usePortal()
  const pluginsId = useId()
  const pages = usePluginPages().data?.items ?? []
  return (
    <nav className={styles.nav} aria-label="Portal">
      <AppLink className={styles.brand} href="/catalog" onClick={onGo}>
        <Logo />
        <span className={styles.name}>{portal.title}</span>
      </AppLink>
      <ul>
        {NAVIGATION.map(({ title, path, icon }) => (
          <Item key={path} title={title} path={path} icon={icon} onGo={onGo} />
        ))}
      </ul>
      {pages.length > 0 && (
        <>
          <p className={styles.group} id={pluginsId}>
            Plugins
          </p>
          <ul aria-labelledby={pluginsId}>
            {pages.map(({ id, title, path }) => (
              <Item key={id} title={title} path={path} icon={IconPuzzle} onGo={onGo} />
            ))}
          </ul>
        </>
      )}
      <ul className={styles.end}>
        <Item title="Settings" path="/settings" icon={IconSettings} onGo={onGo} />
      </ul>
    </nav>
  )
}

function Item({ title, path, icon: Sign, onGo }: { title: string; path: string; icon: Icon; onGo?: () => void }) {
  const isCurrent = useLocation({ select: ({ pathname }) => isWithin(pathname, path) })
  return (
    <li>
      <AppLink className={styles.item} href={path} aria-current={isCurrent ? 'page' : undefined} onClick={onGo}>
        <Sign size={17} stroke={1.75} aria-hidden />
        <span className={styles.label}>{title}</span>
      </AppLink>
    </li>
  )
}
