import styles from './Skeleton.module.css'

/** A grey bar in the place of text that is on its way. */
export function Skeleton({ width = '100%', height = 12 }: { width?: number | string; height?: number }) {
  return <span className={styles.bar} style={{ width, height }} />
}

/** Several lines of them. Screen readers hear the label once. */
export function SkeletonLines({ lines = 3, label = 'Loading' }: { lines?: number; label?: string }) {
  return (
    <div className={styles.lines} role="status">
      <span className="cb-hidden">{label}</span>
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} width={`${92 - ((index * 23) % 48)}%`} />
      ))}
    </div>
  )
}
