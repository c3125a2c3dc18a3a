import type { ReactNode } from 'react'
import styles from './Page.module.css'

type Props = { title: ReactNode; note?: ReactNode; actions?: ReactNode; children: ReactNode; width?: 'full' | 'text' }

/** The frame of a page: its one heading, then its content. */
export function Page({ title, note, actions, children, width = 'full' }: Props) {
  return (
    <div className={styles.page} data-width={width}>
      <header className={styles.header}>
        <h1 className={styles.title}>{title}</h1>
        {note !== undefined && <div className={styles.note}>{note}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}
