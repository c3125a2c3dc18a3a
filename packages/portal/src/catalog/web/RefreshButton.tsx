import { ApiError, fetchJson } from '@callboard/ui/fetchJson'
import { Button } from '@mantine/core'
import { IconCheck, IconRefresh } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import styles from './RefreshButton.module.css'

/** Has an entity read again from where it comes from. What changes then arrives by itself. */
export function RefreshButton({ entityRef }: { entityRef: string }) {
  const client = useQueryClient()
  const refresh = useMutation({
    mutationFn: () => fetchJson<void>('/api/catalog/refresh', { body: { entityRef } }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['catalog'] }),
  })
  const Sign = refresh.isSuccess ? IconCheck : IconRefresh
  return (
    <div className={styles.refresh}>
      <span role="status" className={styles.status} data-failed={refresh.isError || undefined}>
        {refresh.isSuccess && 'Refresh has begun'}
        {refresh.isError && (refresh.error instanceof ApiError ? refresh.error.message : 'The refresh failed.')}
      </span>
      <Button
        variant="default"
        size="xs"
        leftSection={<Sign size={14} stroke={1.75} />}
        aria-disabled={refresh.isPending}
        onClick={() => refresh.isPending || refresh.mutate()}
      >
        Refresh
      </Button>
    </div>
  )
}
