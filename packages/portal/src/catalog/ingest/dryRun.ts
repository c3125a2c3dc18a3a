import type { Entity } from '@callboard/sdk'
import { portalErrors } from '../../errors.ts'
import { stringifyLocationRef, type LocationRef } from '../locationRef.ts'
import { readSource, type ReadContext, type SourceRow } from './readSource.ts'
import { findWantedSources, rootSource } from './wantedSources.ts'

const MOST_SOURCES = 500

/**
 * Reads a location and all that it leads to, and stores nothing.
 *
 * @throws PortalError LOCATION_DRY_RUN with every problem that was met
 * @returns the entities, the Location that stands for the registration first
 */
export async function dryRunLocation(location: LocationRef, context: ReadContext): Promise<Entity[]> {
  const found = new Map<string, Entity>()
  const reasons: string[] = []
  const seen = new Set<string>()
  const line: SourceRow[] = [asRow(rootSource(location))]
  for (let source = line.shift(); source; source = line.shift()) {
    if (seen.has(source.key) || seen.size >= MOST_SOURCES) continue
    seen.add(source.key)
    const reading = await readSource(source, context).catch((error: Error) => void reasons.push(error.message))
    if (!reading || reading === 'unchanged') continue
    reasons.push(...reading.problems.map(problem => problem.error.message))
    for (const { ref, entity } of reading.entities) {
      if (found.has(ref)) reasons.push(`Duplicate nested entity: ${ref}`)
      found.set(ref, entity)
    }
    const locations = reading.entities
      .filter(each => each.entity.kind === 'Location')
      .map(({ entity }) => ({ entity, sourceId: 0 }))
    const next = await findWantedSources(locations)
    reasons.push(...next.problems.map(problem => problem.error.message))
    line.push(...next.sources.map(asRow))
  }
  if (reasons.length > 0)
    throw portalErrors.LOCATION_DRY_RUN({ reason: `${stringifyLocationRef(location)}: ${reasons.join('\n')}` })
  return [...found.values()]
}

function asRow(source: ReturnType<typeof rootSource>): SourceRow {
  return { ...source, id: 0, hash: null, etag: null, lastModified: null, dependencies: {}, failures: 0, edition: 0 }
}
