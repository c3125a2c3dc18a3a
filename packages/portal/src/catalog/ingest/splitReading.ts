import type { SourceReading } from './planWrites.ts'

/** At most so many documents in one transaction: reads wait behind it on the embedded database. */
export const BATCH_DOCUMENTS = 500

/** A big file is written in several transactions; only the last one ends what is gone and remembers the input. */
export function splitReading(reading: SourceReading): SourceReading[] {
  const { entities, gone, problems, input, ...same } = reading
  if (entities.length <= BATCH_DOCUMENTS) return [reading]
  const parts: SourceReading[] = []
  for (let start = 0; start < entities.length; start += BATCH_DOCUMENTS) {
    parts.push({ ...same, entities: entities.slice(start, start + BATCH_DOCUMENTS), problems: [], gone: { type: 'none' } })
  }
  const keep = new Set(entities.map(each => each.ref))
  const last = parts.at(-1)
  if (last) {
    const rest = gone.type === 'others' ? { type: 'others' as const, keep: keep.union(gone.keep) } : gone
    Object.assign(last, { problems, gone: rest, ...(input ? { input } : {}) })
  }
  return parts
}
