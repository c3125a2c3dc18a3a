import { traced } from '@callboard/kernel/telemetry'
import { sql, type Kysely, type Transaction } from 'kysely'
import { planWrites, type Contribution, type KnownEntity, type SourceReading } from '../ingest/planWrites.ts'
import { endContributions, releaseWaiting, upsertContributions } from './contributions.ts'
import { replaceEdges } from './edges.ts'
import { inTransaction } from './inTransaction.ts'
import { replaceProblems } from './problems.ts'
import { closeVersions, insertVersions, letGo, type OrphanStrategy } from './versions.ts'

export type Written = {
  /** Refs that appeared, changed or went. */
  refs: string[]
  /** Number of the newest version row. */
  revision: number
  /** Sources that had waited for a ref that is free now: they are read again. */
  released: number[]
  /** Sources that were read anew or went while these readings were made; of what they said nothing is written. */
  outdated: number[]
  changedLocations: boolean
}

/** Takes in what sources say: at most some 500 documents at once, so that nobody waits long behind it. */
export async function writeReadings(
  db: Kysely<any>,
  readings: SourceReading[],
  actor: string,
  orphans: OrphanStrategy,
  /** Called when the database has the bulk of the work. */
  onBusy: () => void = () => undefined,
): Promise<Written> {
  const count = readings.reduce((sum, each) => sum + each.entities.length, 0)
  return traced('catalog write', { 'catalog.entities': count }, () => write(db, readings, actor, orphans, onBusy))
}

function write(
  db: Kysely<any>,
  all: SourceReading[],
  actor: string,
  orphans: OrphanStrategy,
  onBusy: () => void,
): Promise<Written> {
  return inTransaction(db, async trx => {
    const current = await selectCurrentSources(trx, all)
    const readings = all.filter(each => current.has(each.sourceId))
    const before = await selectContributions(trx, readings)
    const refs = new Set([...readings.flatMap(each => each.entities.map(entity => entity.ref)), ...before.map(each => each.ref)])
    const plan = planWrites(readings, await selectKnown(trx, [...refs]), before)
    await letGo(trx, plan.removedRefs, actor, orphans)
    await endContributions(trx, plan.ended)
    await closeVersions(trx, plan.closed)
    const inserting = insertVersions(trx, plan.rows, actor)
    setImmediate(onBusy)
    const inserted = await inserting
    await replaceEdges(trx, plan)
    await upsertContributions(trx, plan.contributions)
    const finished = readings.filter(each => each.input)
    await replaceProblems(
      trx,
      finished.map(each => each.sourceId),
      plan.problems,
    )
    await rememberInputs(trx, finished)
    const changed = [...plan.changedRefs, ...plan.removedRefs]
    return {
      refs: changed,
      revision: inserted,
      released: await releaseWaiting(
        trx,
        plan.ended.map(each => each.ref),
      ),
      outdated: all.filter(each => !current.has(each.sourceId)).map(each => each.sourceId),
      changedLocations: changed.some(ref => ref.startsWith('location:')),
    }
  })
}

/** The sources that are as they were when they were read. */
async function selectCurrentSources(trx: Transaction<any>, readings: SourceReading[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`select s.id from catalog.source s
    join unnest(${readings.map(each => each.sourceId)}::bigint[], ${readings.map(each => each.edition ?? null)}::bigint[]) as r (id, edition)
      on r.id = s.id and (r.edition is null or r.edition = s.edition)`.execute(trx)
  return new Set(rows.map(row => row.id))
}

async function selectContributions(trx: Transaction<any>, readings: SourceReading[]): Promise<Contribution[]> {
  const ids = readings.map(each => each.sourceId)
  const { rows } = await sql<Contribution>`select source_id as "sourceId", ref, holds
    from catalog.contribution where source_id = any(${ids}::bigint[])`.execute(trx)
  return rows
}

/** One look-up a ref, whatever the planner knows of tables that are just being filled. */
async function selectKnown(trx: Transaction<any>, refs: string[]): Promise<KnownEntity[]> {
  const { rows } = await sql<KnownEntity>`
    select r.ref, v.id, v.uid, v.etag, c.source_id as holder, s.key as "holderKey",
      coalesce(v.version, (select max(h.version) from catalog.entity_version h where h.ref = r.ref), 0) as version
    from unnest(${refs}::text[]) as r (ref)
    left join lateral (select * from catalog.entity_version w where w.ref = r.ref and w.valid_to is null limit 1) v on true
    left join lateral (select * from catalog.contribution d where d.ref = r.ref and d.holds limit 1) c on true
    left join catalog.source s on s.id = c.source_id`.execute(trx)
  return rows
}

async function rememberInputs(trx: Transaction<any>, readings: SourceReading[]): Promise<void> {
  if (readings.length === 0) return
  const column = <T>(read: (input: NonNullable<SourceReading['input']>) => T) =>
    readings.map(each => read(each.input ?? { hash: null }))
  await sql`update catalog.source s set hash = i.hash, etag = i.etag, last_modified = i.modified, dependencies = i.dependencies::jsonb,
      read_at = now(), next_read_at = i.next, failures = 0,
      edition = s.edition + 1, duration_ms = i.duration
    from unnest(${readings.map(each => each.sourceId)}::bigint[], ${column(each => each.hash)}::text[], ${column(each => each.etag ?? null)}::text[],
      ${column(each => each.lastModified ?? null)}::text[], ${column(each => JSON.stringify(each.dependencies ?? {}))}::text[],
      ${column(each => each.nextReadAt?.toISOString() ?? null)}::timestamptz[],
      ${readings.map(each => each.durationMs ?? null)}::int[]) as i (id, hash, etag, modified, dependencies, next, duration)
    where s.id = i.id`.execute(trx)
}
