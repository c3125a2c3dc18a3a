import { useId, type ReactNode } from 'react'
import styles from './Card.module.css'

type Props = { title: string; note?: ReactNode; actions?: ReactNode; children: ReactNode; flush?: boolean }

/** A framed part of a page with a heading. `flush` lets rows reach the frame. */
export function Card({ title, note, actions, children, flush = false }: Props) {
  const id = useId()
  return (
    <section className={styles.card} aria-labelledby={id}>
      <header className={styles.header}>
        <h2 className={styles.title} id={id}>
          {title}
        </h2>
        {note !== undefined && <span className={styles.note}>{note}</span>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  )
}
