import type { PortalEvents } from '@callboard/sdk'
import type { Logger } from './log.ts'

type Listener<E extends keyof PortalEvents> = (payload: PortalEvents[E]) => unknown

/** Events within this process. A listener that fails is logged and harms nobody else. */
export type Events = {
  on<E extends keyof PortalEvents>(event: E, listener: Listener<E>): () => void
  emit<E extends keyof PortalEvents>(event: E, payload: PortalEvents[E]): void
}

export function createEvents(log: Logger): Events {
  const listeners = new Map<string, Set<(payload: never) => unknown>>()
  return {
    on(event, listener) {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set.add(listener))
      return () => void set.delete(listener)
    },
    emit(event, payload) {
      for (const listener of listeners.get(event) ?? []) {
        // why: `on` only ever stores listeners under the name of their own event.
        Promise.try(() => listener(payload as never)).catch((error: unknown) =>
          log.error({ err: error }, `A listener of ${event} failed`),
        )
      }
    },
  }
}
