import { Button } from '@mantine/core'
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react'
import styles from './ErrorState.module.css'
import { ApiError } from './fetchJson.ts'

type Props = { error: unknown; title?: string; onRetry?: () => void; compact?: boolean }

/** A failure, as the API tells it: the sentence, the hint, the place and the code. */
export function ErrorState({ error, title, onRetry, compact = false }: Props) {
  const { message, hint, where, code } = describeError(error)
  return (
    <div className={styles.error} data-compact={compact || undefined} role="alert">
      <IconAlertTriangle className={styles.icon} size={18} stroke={1.75} aria-hidden />
      <div className={styles.body}>
        {title && <p className={styles.title}>{title}</p>}
        <p className={title ? styles.text : styles.title}>{message}</p>
        {hint && <p className={styles.text}>{hint}</p>}
        {(where || code) && (
          <p className={styles.details}>
            {where && <span>{where}</span>}
            {code && <span>{code}</span>}
          </p>
        )}
        {onRetry && (
          <Button className={styles.retry} variant="default" size="xs" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
            Try again
          </Button>
        )}
      </div>
    </div>
  )
}

function describeError(error: unknown): { message: string; hint?: string; where?: string; code?: string } {
  if (error instanceof ApiError) return error
  return { message: error instanceof Error ? error.message : 'Something went wrong.', hint: 'Reload the page to try again.' }
}
