import type { Logger } from '@callboard/kernel/log'

const AGAIN_MS = 2_000

/**
 * Brings the catalog up to date in the background. A database that goes away in the middle is waited for, so that
 * nothing that was to be read is forgotten. Who asks while a sync runs gets one more after it.
 */
export function createSyncLoop(sync: () => Promise<void>, log: Logger, signal: AbortSignal): () => void {
  let isWanted = false
  let isRunning = false

  async function run(): Promise<void> {
    isRunning = true
    while (isWanted && !signal.aborted) {
      isWanted = false
      try {
        await sync()
      } catch (error) {
        isWanted = true
        if (signal.aborted) break
        log.error({ err: error }, `The sources could not be read; trying again in ${AGAIN_MS / 1000} s`)
        await new Promise(done => setTimeout(done, AGAIN_MS).unref())
      }
    }
    isRunning = false
  }

  return () => {
    isWanted = true
    if (!isRunning) void run()
  }
}
