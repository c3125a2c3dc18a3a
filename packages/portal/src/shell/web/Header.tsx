import { usePortal } from '@callboard/ui/Portal'
import { ActionIcon } from '@mantine/core'
import { IconMenu2 } from '@tabler/icons-react'
import { useRef } from 'react'
import styles from './Header.module.css'
import { Navigation } from './Navigation.tsx'
import { SearchBox } from './SearchBox.tsx'
import { ThemeToggle } from './ThemeToggle.tsx'

/** The bar at the top: search, theme, and on a phone the way to the navigation. */
export function Header() {
  const portal = usePortal()
  const drawer = useRef<HTMLDialogElement>(null)
  const close = () => drawer.current?.close()
  return (
    <header className={styles.header}>
      <ActionIcon
        className={styles.menu}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label="Open navigation"
        onClick={() => drawer.current?.showModal()}
      >
        <IconMenu2 size={19} stroke={1.75} />
      </ActionIcon>
      <span className={styles.title}>{portal.title}</span>
      <SearchBox />
      <div className={styles.end}>
        <ThemeToggle />
      </div>
      <dialog
        ref={drawer}
        className={styles.drawer}
        aria-label="Navigation"
        onClick={event => {
          if (event.target === drawer.current) close()
        }}
      >
        <Navigation onGo={close} />
      </dialog>
    </header>
  )
}
