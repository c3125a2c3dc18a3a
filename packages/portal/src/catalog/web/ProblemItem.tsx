import { EntityLink } from '@callboard/ui/EntityLink'
import { RelativeTime } from '@callboard/ui/RelativeTime'
import { IconAlertCircle, IconAlertTriangle } from '@tabler/icons-react'
import type { Problem } from '../contract.ts'
import styles from './ProblemItem.module.css'
import { describeLine, describePlace } from './sourcePlace.ts'

/** One problem: what is wrong, what to do, and where; without what the list around it says already. */
export function ProblemItem({ problem, within }: { problem: Problem; within: 'entity' | 'file' }) {
  const { level, message, hint, code, ref, at } = problem
  const Sign = level === 'error' ? IconAlertCircle : IconAlertTriangle
  const place = within === 'file' ? describeLine(problem) : describePlace(problem)
  return (
    <div className={styles.problem} data-level={level}>
      <Sign className={styles.icon} size={17} stroke={1.75} aria-label={level === 'error' ? 'Error' : 'Warning'} role="img" />
      <div className={styles.body}>
        <p className={styles.message}>{message}</p>
        {hint && <p className={styles.hint}>{hint}</p>}
        <p className={styles.facts}>
          {within === 'file' && ref && <EntityLink entityRef={ref} title={ref} />}
          {place && <span className={styles.place}>{place}</span>}
          <span className={styles.code}>{code}</span>
          <RelativeTime at={at} />
        </p>
      </div>
    </div>
  )
}
