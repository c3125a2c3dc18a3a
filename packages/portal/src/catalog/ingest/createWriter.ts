import type { Written } from '../store/readings.ts'
import type { SourceReading } from './planWrites.ts'
import { BATCH_DOCUMENTS, splitReading } from './splitReading.ts'

type Waiting = { reading: SourceReading; actor: string; later: Promise<void>[]; done: PromiseWithResolvers<void> }

/** Writes readings as they come; those that come while another is being written share a transaction. */
export function createWriter(
  write: (readings: SourceReading[], actor: string) => Promise<Written>,
  follow: (result: Written, actor: string) => Promise<void>,
): (reading: SourceReading, actor: string, later: Promise<void>[]) => Promise<void> {
  const line: Waiting[] = []
  let isWriting = false

  async function writeAll(): Promise<void> {
    isWriting = true
    for (let batch = nextBatch(line); batch.length > 0; batch = nextBatch(line)) {
      const actor = batch[0]?.actor ?? 'system'
      try {
        const readings = batch.map(each => each.reading)
        const result = await write(readings, actor)
        // Its sources are not being read any more by the time it waits for them.
        const followed = Promise.all(batch.map(each => each.done.promise)).then(() => follow(result, actor))
        followed.catch(() => undefined)
        for (const each of batch) {
          each.later.push(followed)
          each.done.resolve()
        }
      } catch (error) {
        for (const each of batch) each.done.reject(error)
      }
    }
    isWriting = false
  }

  return async (reading, actor, later) => {
    const parts = splitReading(reading).map(part => ({ reading: part, actor, later, done: Promise.withResolvers<void>() }))
    line.push(...parts)
    if (!isWriting) void writeAll()
    await Promise.all(parts.map(each => each.done.promise))
  }
}

function nextBatch(line: Waiting[]): Waiting[] {
  const batch: Waiting[] = []
  let size = 0
  for (let next = line[0]; next; next = line[0]) {
    size += next.reading.entities.length
    if (batch.length > 0 && (size > BATCH_DOCUMENTS || next.actor !== batch[0]?.actor)) break
    batch.push(next)
    line.shift()
  }
  return batch
}
