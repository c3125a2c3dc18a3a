import type { ReactNode } from 'react'
import styles from './EmptyState.module.css'

type Props = { title: string; icon?: ReactNode; children?: ReactNode; actions?: ReactNode; level?: 'h1' | 'h2' }

/** What a page shows when there is nothing to show: a sentence, and what to do next. */
export function EmptyState({ title, icon, children, actions, level: Heading = 'h2' }: Props) {
  return (
    <div className={styles.empty}>
      {icon && (
        <div className={styles.icon} aria-hidden>
          {icon}
        </div>
      )}
      <Heading className={styles.title}>{title}</Heading>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  )
}
