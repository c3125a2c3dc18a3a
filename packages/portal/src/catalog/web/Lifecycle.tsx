import styles from './Lifecycle.module.css'

/** A stage of life; the usual ones have a light. */
export function Lifecycle({ name }: { name: string }) {
  return (
    <span className={styles.lifecycle} title={name}>
      <span className={styles.light} data-name={name.toLowerCase()} aria-hidden />
      <span className={styles.name}>{name}</span>
    </span>
  )
}
