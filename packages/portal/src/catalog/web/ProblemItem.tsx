import { EntityLink } from '@callboard/ui/EntityLink'
import { RelativeTime } from '@callboard/ui/RelativeTime'
import { IconAlertCircle, IconAlertTriangle } from '@tabler/icons-react'
import type { Problem } from './problems.ts'
import styles from './ProblemItem.module.css'
import { describePlace } from './sourcePlace.ts'

/** One problem: what is wrong, what to do, and where. */
export function ProblemItem({ problem, showRef }: { problem: Problem; showRef: boolean }) {
  const { level, message, hint, code, ref, at } = problem
  const Sign = level === 'error' ? IconAlertCircle : IconAlertTriangle
  const place = describePlace(problem)
  return (
    <div className={styles.problem} data-level={level}>
      <Sign className={styles.icon} size={17} stroke={1.75} aria-label={level === 'error' ? 'Error' : 'Warning'} role="img" />
      <div className={styles.body}>
        <p className={styles.message}>{message}</p>
        {hint && <p className={styles.hint}>{hint}</p>}
        <p className={styles.facts}>
          {showRef && ref && <EntityLink entityRef={ref} title={ref} />}
          {place && <span className={styles.place}>{place}</span>}
          <span className={styles.code}>{code}</span>
          <RelativeTime at={at} />
        </p>
      </div>
    </div>
  )
}
