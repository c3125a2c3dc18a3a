import { AppLink } from '@callboard/ui/AppLink'
import { IconChevronRight } from '@tabler/icons-react'
import styles from './MetadataPanel.module.css'

/** Labels or annotations, folded away until somebody wants them. */
export function MetadataPanel({ title, values }: { title: string; values: Record<string, string> | undefined }) {
  const entries = Object.entries(values ?? {}).toSorted(([a], [b]) => a.localeCompare(b))
  if (!entries.length) return null
  return (
    <details className={styles.panel}>
      <summary className={styles.summary}>
        <IconChevronRight className={styles.chevron} size={14} stroke={2} aria-hidden />
        {title}
        <span className={styles.count}>{entries.length}</span>
      </summary>
      <dl className={styles.values}>
        {entries.map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>
              {/^https?:\/\//.test(value) ? (
                <AppLink className={styles.link} href={value}>
                  {value}
                </AppLink>
              ) : (
                value
              )}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
