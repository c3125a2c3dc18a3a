import type { Events } from '@callboard/kernel/events'

export type Bell = {
  /** Resolves at the next ring, when `ms` have passed, or once the bell is ended; a ring since the last wait counts. */
  wait(ms: number): Promise<void>
  end(): void
}

/** Rings when the catalog changes, for whoever reads changes as they are made. */
export function createChangeBell(events: Events, signal: AbortSignal): Bell {
  let isRung = false
  let wake: (() => void) | undefined
  const ring = () => {
    isRung = true
    wake?.()
  }
  const stop = events.on('catalog.changed', ring)
  signal.addEventListener('abort', ring)
  return {
    async wait(ms) {
      if (!isRung && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        const timer = setTimeout(resolve, ms)
        await promise
        clearTimeout(timer)
        wake = undefined
      }
      isRung = false
    },
    end() {
      stop()
      signal.removeEventListener('abort', ring)
    },
  }
}
