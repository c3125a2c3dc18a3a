import { toPortalError } from '@callboard/kernel/http/errorReply'
import { isRateLimited } from '@callboard/kernel/reading/statusError'
import { writeFailure, writeUnchanged } from '../store/sources.ts'
import type { IngestParts } from './createIngest.ts'
import type { SourceReading } from './planWrites.ts'
import { readSource, type SourceRow } from './readSource.ts'

const URL_INTERVAL_MS = 120_000
const LONGEST_INTERVAL_MS = 3_600_000

/** Reads a source and stores what needs no entities: that nothing has changed, or what went wrong. */
export async function attemptReading(source: SourceRow, parts: IngestParts): Promise<SourceReading | undefined> {
  const { kernel, config, context, metrics } = parts
  const { db } = kernel.database
  const nextReadAt = source.type === 'url' ? nextTime(config.processingInterval, 0) : null
  const edition = source.type === 'plugin' ? {} : { edition: source.edition }
  const start = performance.now()
  try {
    const reading = await readSource(source, context)
    if (reading === 'unchanged') {
      metrics.sources.inc({ result: 'unchanged' })
      if (nextReadAt || source.failures > 0) await writeUnchanged(db, source.id, nextReadAt)
      return undefined
    }
    metrics.sources.inc({ result: 'changed' })
    const durationMs = Math.round(performance.now() - start)
    return { ...reading, ...edition, durationMs, ...(reading.input ? { input: { ...reading.input, nextReadAt } } : {}) }
  } catch (cause) {
    // The portal stops: that is no fault of the source, which is due when its claim ends.
    if (context.signal.aborted) return undefined
    // why: the store reports what is wrong with the database; here only reading can have failed.
    const error = toPortalError(cause as Error)
    if (error.code === 'DATABASE_UNAVAILABLE') throw cause
    metrics.sources.inc({ result: 'failed' })
    if (source.optional && error.status === 404) {
      const input = { hash: 'missing', nextReadAt }
      return { sourceId: source.id, ...edition, entities: [], problems: [], gone: { type: 'others', keep: new Set() }, input }
    }
    kernel.log.warn({ source: source.key, code: error.code }, error.message)
    const wait = isRateLimited(cause) ? cause.retryAfterMs : 0
    const again = source.type === 'url' ? nextTime(config.processingInterval, source.failures + 1, wait) : null
    await writeFailure(db, source, error, again)
    return undefined
  }
}

/** With jitter, so that many sources do not come at once; longer after each failure. */
function nextTime(configured: number | false | undefined, failures: number, waitMs = 0): Date {
  const interval = configured === false ? LONGEST_INTERVAL_MS : (configured ?? URL_INTERVAL_MS)
  const backedOff = Math.min(Math.max(interval, LONGEST_INTERVAL_MS), interval * 2 ** failures)
  return new Date(Date.now() + Math.max(waitMs, backedOff * (0.8 + 0.4 * Math.random())))
}
