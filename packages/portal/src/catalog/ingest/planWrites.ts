import type { PortalError } from '@callboard/sdk'
import { randomUUID } from 'node:crypto'
import { portalErrors } from '../../errors.ts'
import type { Edge } from './checkKind.ts'
import { toRow, type EntityRow, type PreparedEntity } from './prepareEntity.ts'

/** Something wrong with a source, a document or an entity, with its place. */
export type NewProblem = {
  sourceId: number
  ref: string | null
  error: PortalError
  location: string
  line: number | null
  column: number | null
}

/** What one source says now, or a part of it. */
export type SourceReading = {
  sourceId: number
  /** Of the source when it was read: what was taken in since makes this out of date. Without one nothing does. */
  edition?: number
  durationMs?: number
  entities: PreparedEntity[]
  problems: NewProblem[]
  /** What of the source's earlier entities is gone. `others`: all that are neither read nor kept. */
  gone: { type: 'others'; keep: Set<string> } | { type: 'these'; refs: string[] } | { type: 'none' }
  /** What to remember of the input once all of it is written. Without it, more of the same source follows. */
  input?: {
    hash: string | null
    etag?: string
    lastModified?: string
    dependencies?: Record<string, string>
    nextReadAt?: Date | null
  }
}

/** What the database knows of a ref. */
export type KnownEntity = {
  ref: string
  id: number | null
  uid: string | null
  version: number
  etag: string | null
  holder: number | null
  holderKey: string | null
}

export type Contribution = { sourceId: number; ref: string; holds: boolean }

export type WritePlan = {
  rows: (EntityRow & { sourceId: number; cause: 'added' | 'changed' })[]
  closed: number[]
  /** Refs whose edges may have changed, and the edges that they have now. */
  changedRefs: string[]
  edges: Edge[]
  contributions: Contribution[]
  /** Contributions that end, and of them the refs whose entity goes with them. */
  ended: { sourceId: number; ref: string }[]
  removedRefs: string[]
  problems: NewProblem[]
}

/** Decides what a batch of readings changes. Pure: everything known comes in, everything to write goes out. */
export function planWrites(readings: SourceReading[], known: KnownEntity[], before: Contribution[]): WritePlan {
  const plan: WritePlan = {
    rows: [],
    closed: [],
    changedRefs: [],
    edges: [],
    contributions: [],
    ended: [],
    removedRefs: [],
    problems: [],
  }
  const entities = new Map(known.map(each => [each.ref, { ...each }]))
  const had = new Map(before.map(each => [`${each.sourceId} ${each.ref}`, each.holds]))
  // What ends comes first: a ref that moves from one file of the batch to another is free for the other.
  for (const reading of readings) planRemovals(reading, before, entities, plan)
  for (const reading of readings) {
    plan.problems.push(...reading.problems)
    for (const prepared of reading.entities) planEntity(reading.sourceId, prepared, entities, had, plan)
  }
  const written = new Set(plan.rows.map(row => row.ref))
  plan.removedRefs = plan.removedRefs.filter(ref => !written.has(ref) && (entities.get(ref)?.holder ?? null) === null)
  return plan
}

function planRemovals(reading: SourceReading, before: Contribution[], entities: Map<string, KnownEntity>, plan: WritePlan): void {
  const { gone, sourceId } = reading
  if (gone.type === 'none') return
  const read = new Set(reading.entities.map(each => each.ref))
  const isGone =
    gone.type === 'others' ? (ref: string) => !read.has(ref) && !gone.keep.has(ref) : (ref: string) => gone.refs.includes(ref)
  for (const { ref, holds, sourceId: owner } of before) {
    if (owner !== sourceId || !isGone(ref)) continue
    plan.ended.push({ sourceId, ref })
    if (!holds) continue
    plan.removedRefs.push(ref)
    const entity = entities.get(ref)
    if (entity) entity.holder = null
  }
}

function planEntity(
  sourceId: number,
  prepared: PreparedEntity,
  entities: Map<string, KnownEntity>,
  had: Map<string, boolean>,
  plan: WritePlan,
): void {
  const { ref } = prepared
  const entity = entities.get(ref) ?? { ref, id: null, uid: null, version: 0, etag: null, holder: null, holderKey: null }
  entities.set(ref, entity)
  const holds = entity.holder === null || entity.holder === sourceId
  if (had.get(`${sourceId} ${ref}`) !== holds) plan.contributions.push({ sourceId, ref, holds })
  if (!holds) {
    const error = portalErrors.CATALOG_CONFLICT({ ref, other: entity.holderKey ?? 'another file' })
    plan.problems.push({ sourceId, ref, error, location: prepared.location, line: null, column: null })
    return
  }
  entity.holder = sourceId
  if (entity.etag === prepared.etag && entity.uid !== null) return
  if (entity.id !== null) plan.closed.push(entity.id)
  const uid = entity.uid ?? randomUUID()
  const version = entity.version + 1
  plan.rows.push({ ...toRow(prepared, uid, version), sourceId, cause: entity.uid === null ? 'added' : 'changed' })
  plan.changedRefs.push(ref)
  plan.edges.push(...uniqueEdges(prepared.edges))
  Object.assign(entity, { id: null, uid, version, etag: prepared.etag })
}

function uniqueEdges(edges: Edge[]): Edge[] {
  return [...new Map(edges.map(edge => [keyOf(edge), edge])).values()]
}

export function keyOf({ sourceRef, type, targetRef, fromTarget }: Edge): string {
  return `${sourceRef} ${type} ${targetRef} ${fromTarget}`
}
