import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'

const GATHER_MS = 250

/** Events of the server, and the queries that they make stale. */
const STALE: Record<string, string[]> = {
  'catalog.changed': ['catalog'],
  'catalog.problems': ['catalog', 'problems'],
}

/** Keeps what is on the screen current: listens to the server and asks again for what it says has changed. */
export function useServerEvents(): void {
  const client = useQueryClient()
  useEffect(() => {
    const source = new EventSource('/api/events')
    const waiting = new Map<string, number>()
    const invalidate = (key: string[]) => {
      const name = key.join('.')
      if (waiting.has(name)) return
      const timer = window.setTimeout(() => {
        waiting.delete(name)
        void client.invalidateQueries({ queryKey: key })
      }, GATHER_MS)
      waiting.set(name, timer)
    }
    for (const [event, key] of Object.entries(STALE)) source.addEventListener(event, () => invalidate(key))
    let wasLost = false
    source.addEventListener('error', () => {
      wasLost = true
    })
    source.addEventListener('open', () => {
      // why: what happened while the line was down was not heard.
      if (wasLost) invalidate(['catalog'])
      wasLost = false
    })
    return () => {
      source.close()
      for (const timer of waiting.values()) window.clearTimeout(timer)
    }
  }, [client])
}
