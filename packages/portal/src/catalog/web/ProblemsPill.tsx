import { AppLink } from '@callboard/ui/AppLink'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useProblems } from './problems.ts'
import styles from './ProblemsPill.module.css'

/** A quiet word when something in the catalog is wrong. */
export function ProblemsPill() {
  const problems = useProblems()
  const count = problems.data?.items.length ?? 0
  if (!count) return null
  return (
    <AppLink className={styles.pill} href="/catalog-problems">
      <IconAlertTriangle size={14} stroke={1.75} aria-hidden />
      {count === 1 ? '1 problem' : `${count.toLocaleString('en')} problems`}
    </AppLink>
  )
}
