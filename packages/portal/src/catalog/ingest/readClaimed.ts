import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { claimSource, releaseClaim, renewClaim } from '../store/claims.ts'
import { attemptReading } from './attemptReading.ts'
import type { IngestParts } from './createIngest.ts'
import type { SourceReading } from './planWrites.ts'
import type { SourceRow } from './readSource.ts'
import { selectSources } from './sourceRows.ts'
import { createTurns } from './takeTurns.ts'

const RENEW_MS = 5_000
const ASK_AGAIN_MS = 300

type Store = (reading: SourceReading) => Promise<void>

/** What came of it: `elsewhere` when another replica has read the source meanwhile. */
type Outcome = 'done' | 'elsewhere'

/**
 * Reads sources that may be slow, each in one replica at a time, and a few of one host at once. What is read is written before
 * the claim ends.
 */
export function createClaimedReading(parts: IngestParts) {
  const { db } = parts.kernel.database
  const inTurn = createTurns()

  async function readOnce(source: SourceRow, isWanted: boolean, store: Store): Promise<Outcome | 'busy'> {
    const id = randomUUID()
    const claimed = await claimSource(db, source.id, id)
    if (!claimed) return 'busy'
    // why: a renewal that fails is made up for by the next one, and a claim that ends too early only costs a second reading.
    const renewal = setInterval(() => void renewClaim(db, source.id, id).catch(() => undefined), RENEW_MS).unref()
    try {
      if (!isWanted && claimed.edition !== source.edition) return 'elsewhere'
      const reading = await attemptReading(claimed, parts)
      if (reading) await store(reading)
      return 'done'
    } finally {
      clearInterval(renewal)
      await releaseClaim(db, source.id, id)
    }
  }

  /** With `isWanted`, it is read again even when another replica was faster. */
  return async (source: SourceRow, isWanted: boolean, store: Store): Promise<Outcome> => {
    const { signal } = parts.context
    while (!signal.aborted) {
      const outcome = await inTurn(hostOf(source), () => readOnce(source, isWanted, store))
      if (outcome !== 'busy') return outcome
      await sleep(ASK_AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined)
      const [now] = await selectSources(db, [source.id])
      if (!now || (!isWanted && now.edition !== source.edition)) return 'elsewhere'
    }
    return 'done'
  }
}

function hostOf({ type, target }: SourceRow): string {
  return type === 'url' && URL.canParse(target) ? new URL(target).host : `${type}:${target}`
}
