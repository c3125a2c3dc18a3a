import pg from 'pg'
import type { Logger } from '../log.ts'

const AGAIN_MS = 1_000
const KEEP_ALIVE_MS = 10_000

/** Listens on a connection of its own, and opens another one when it is lost. `hear` is also called for what may have been missed. */
export async function listenToNotices(
  connection: pg.PoolConfig,
  channel: string,
  hear: () => void,
  log: Logger,
): Promise<() => Promise<void>> {
  let client: pg.Client | undefined
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  async function open(): Promise<void> {
    const next = new pg.Client({
      ...connection,
      application_name: 'callboard notices',
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
    })
    next.on('notification', hear)
    next.on('error', error => log.warn({ err: error }, 'The connection for notices was lost'))
    next.on('end', openAgain)
    client = next
    await next.connect()
    await next.query(`listen ${pg.escapeIdentifier(channel)}`)
    hear()
  }

  function openAgain(): void {
    if (isStopped || timer) return
    timer = setTimeout(() => {
      timer = undefined
      open().catch((error: unknown) => {
        log.warn({ err: error }, `The connection for notices could not be opened; trying again in ${AGAIN_MS / 1000} s`)
        openAgain()
      })
    }, AGAIN_MS).unref()
  }

  await open()
  return async () => {
    isStopped = true
    clearTimeout(timer)
    await client?.end()
  }
}
