import type { Database } from '@callboard/kernel/database/openDatabase'
import { ANNOTATION, type PortalError } from '@callboard/sdk'
import { formatPlace } from '@callboard/sdk/errors'
import { sql, type Kysely, type Transaction } from 'kysely'
import type { Edge } from './ingest/checkKind.ts'
import { termOf } from './ingest/searchRows.ts'
import { keyOf, planWrites, type Contribution, type KnownEntity, type NewProblem, type SourceReading, type WritePlan } from './ingest/planWrites.ts'

// Everything that the catalog writes is written here. Each function is one transaction, set-based.

const INGEST_LOCK = 7_007_002

export type Written = {
  /** Refs that appeared, changed or went. */
  refs: string[]
  /** Number of the newest version row. */
  revision: number
  /** Sources that had waited for a ref that is free now: they are read again. */
  released: number[]
  changedLocations: boolean
}

/** Takes in what sources say: at most some 500 documents at once, so that nobody waits long behind it. */
export async function writeReadings(db: Kysely<any>, readings: SourceReading[], actor: string, orphans: OrphanStrategy): Promise<Written> {
  return inTransaction(db, async trx => {
    const before = await selectContributions(trx, readings)
    const refs = new Set([...readings.flatMap(each => each.entities.map(entity => entity.ref)), ...before.map(each => each.ref)])
    const plan = planWrites(readings, await selectKnown(trx, [...refs]), before)
    await letGo(trx, plan.removedRefs, actor, orphans)
    await endContributions(trx, plan.ended)
    await closeVersions(trx, plan.closed)
    const inserted = await insertVersions(trx, plan.rows, actor)
    await replaceEdges(trx, plan)
    await upsertContributions(trx, plan.contributions)
    const finished = readings.filter(each => each.input)
    await replaceProblems(trx, finished.map(each => each.sourceId), plan.problems)
    await rememberInputs(trx, finished)
    const changed = [...plan.changedRefs, ...plan.removedRefs]
    return {
      refs: changed,
      revision: inserted,
      released: await releaseWaiting(trx, plan.ended.map(each => each.ref)),
      changedLocations: changed.some(ref => ref.startsWith('location:')),
    }
  })
}

async function inTransaction<T>(db: Kysely<any>, run: (trx: Transaction<any>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async trx => {
    await sql`select pg_advisory_xact_lock(${INGEST_LOCK}::bigint)`.execute(trx)
    return run(trx)
  })
}

async function selectContributions(trx: Transaction<any>, readings: SourceReading[]): Promise<Contribution[]> {
  const ids = readings.map(each => each.sourceId)
  const { rows } = await sql<Contribution>`select source_id as "sourceId", ref, holds
    from catalog.contribution where source_id = any(${ids}::bigint[])`.execute(trx)
  return rows
}

async function selectKnown(trx: Transaction<any>, refs: string[]): Promise<KnownEntity[]> {
  const { rows } = await sql<KnownEntity>`
    select r.ref, v.id, v.uid, v.etag, c.source_id as holder, s.key as "holderKey",
      coalesce(v.version, (select max(h.version) from catalog.entity_version h where h.ref = r.ref), 0) as version
    from unnest(${refs}::text[]) as r (ref)
    left join catalog.entity_version v on v.ref = r.ref and v.valid_to is null
    left join catalog.contribution c on c.ref = r.ref and c.holds
    left join catalog.source s on s.id = c.source_id`.execute(trx)
  return rows
}

/** What becomes of entities that no source holds any more. */
export type OrphanStrategy = 'delete' | 'keep'

async function letGo(trx: Transaction<any>, refs: string[], actor: string, orphans: OrphanStrategy): Promise<void> {
  if (refs.length === 0) return
  await (orphans === 'keep' ? markOrphans(trx, refs, actor) : removeEntities(trx, refs, actor))
}

const ORPHAN_FIELD = `metadata.annotations.${ANNOTATION.orphan}`

/** Keeps entities with an annotation that says that nobody declares them any more. */
async function markOrphans(trx: Transaction<any>, refs: string[], actor: string): Promise<void> {
  const terms = [termOf(ORPHAN_FIELD), termOf(ORPHAN_FIELD, 'true')]
  await sql`
    with old as (
      update catalog.entity_version set valid_to = now() where ref = any(${refs}::text[]) and valid_to is null returning *),
    v as (
      insert into catalog.entity_version (ref, uid, version, valid_from, kind, namespace, name, title, type, lifecycle,
        kind_text, type_text, lifecycle_text, terms, etag, cause, actor, location)
      select ref, uid, version + 1, now(), kind, namespace, name, title, type, lifecycle, kind_text, type_text, lifecycle_text,
        terms || ${terms}::bigint[], md5(etag) || left(etag, 8), 'orphaned', ${actor}, location from old
      returning id, ref)
    insert into catalog.entity_body (version_id, body, fields, words)
    select v.id, jsonb_set(b.body::jsonb, array['metadata', 'annotations', ${ANNOTATION.orphan}], '"true"')::text,
      b.fields || jsonb_build_object(${ORPHAN_FIELD}::text, array['true']), b.words
    from v join old on old.ref = v.ref join catalog.entity_body b on b.version_id = old.id`.execute(trx)
}

/** Ends entities; the row that says so is valid at no time. */
async function removeEntities(trx: Transaction<any>, refs: string[], actor: string): Promise<void> {
  await sql`
    with gone as (
      update catalog.entity_version set valid_to = now() where ref = any(${refs}::text[]) and valid_to is null returning *)
    insert into catalog.entity_version (ref, uid, version, valid_from, valid_to, kind, namespace, name, title, type, lifecycle,
      kind_text, type_text, lifecycle_text, terms, etag, cause, actor, source_id, location)
    select ref, uid, version + 1, now(), now(), kind, namespace, name, title, type, lifecycle,
      kind_text, type_text, lifecycle_text, '{}', etag, 'removed', ${actor}, source_id, location from gone`.execute(trx)
  await sql`update catalog.relation set valid_to = now() where valid_to is null and id = any(array(${emittedBy(refs)}))`.execute(trx)
}

/** Ids of the current edges that the documents of these entities make. */
function emittedBy(refs: string[]) {
  return sql`
    select id from catalog.relation where valid_to is null and source_ref = any(${refs}::text[]) and not emitted_by_target
    union all
    select id from catalog.relation where valid_to is null and target_ref = any(${refs}::text[]) and emitted_by_target`
}

async function endContributions(trx: Transaction<any>, ended: { sourceId: number; ref: string }[]): Promise<void> {
  if (ended.length === 0) return
  await sql`delete from catalog.contribution c
    using unnest(${ended.map(each => each.sourceId)}::bigint[], ${ended.map(each => each.ref)}::text[]) as e (source_id, ref)
    where c.source_id = e.source_id and c.ref = e.ref`.execute(trx)
}

async function closeVersions(trx: Transaction<any>, ids: number[]): Promise<void> {
  if (ids.length > 0) await sql`update catalog.entity_version set valid_to = now() where id = any(${ids}::bigint[])`.execute(trx)
}

async function insertVersions(trx: Transaction<any>, rows: WritePlan['rows'], actor: string): Promise<number> {
  if (rows.length === 0) return 0
  const column = <K extends keyof WritePlan['rows'][number]>(key: K) => rows.map(row => row[key])
  const result = await sql<{ revision: number }>`
    with d as (
      select * from unnest(${column('ref')}::text[], ${column('uid')}::uuid[], ${column('version')}::int[], ${column('kind')}::text[],
        ${column('namespace')}::text[], ${column('name')}::text[], ${column('title')}::text[], ${column('type')}::text[],
        ${column('lifecycle')}::text[], ${column('kindText')}::text[], ${column('typeText')}::text[],
        ${column('lifecycleText')}::text[], ${column('terms')}::text[], ${column('etag')}::text[], ${column('cause')}::text[],
        ${column('sourceId')}::bigint[], ${column('location')}::text[], ${column('body')}::text[], ${column('fields')}::text[],
        ${column('words')}::text[])
      as t (ref, uid, version, kind, namespace, name, title, type, lifecycle, kind_text, type_text, lifecycle_text, terms, etag,
        cause, source_id, location, body, fields, words)),
    v as (
      insert into catalog.entity_version (ref, uid, version, valid_from, kind, namespace, name, title, type, lifecycle,
        kind_text, type_text, lifecycle_text, terms, etag, cause, actor, source_id, location)
      select ref, uid, version, now(), kind, namespace, name, title, type, lifecycle, kind_text, type_text, lifecycle_text,
        terms::bigint[], etag, cause, ${actor}, source_id, location from d
      returning id, ref),
    b as (
      insert into catalog.entity_body (version_id, body, fields, words)
      select v.id, d.body, d.fields::jsonb, d.words from v join d on d.ref = v.ref)
    select max(id) as revision from v`.execute(trx)
  return Number(result.rows[0]?.revision ?? 0)
}

async function replaceEdges(trx: Transaction<any>, plan: WritePlan): Promise<void> {
  if (plan.changedRefs.length === 0) return
  const known = plan.rows.some(row => row.cause === 'changed') ? await selectEdges(trx, plan.changedRefs) : []
  const wanted = new Map(plan.edges.map(edge => [keyOf(edge), edge]))
  const ended = known.filter(edge => !wanted.delete(keyOf(edge))).map(edge => edge.id)
  if (ended.length > 0) await sql`update catalog.relation set valid_to = now() where id = any(${ended}::bigint[])`.execute(trx)
  const edges = [...wanted.values()]
  if (edges.length === 0) return
  await sql`insert into catalog.relation (source_ref, type, target_ref, emitted_by_target, valid_from)
    select s, y, t, f, now() from unnest(${edges.map(each => each.sourceRef)}::text[], ${edges.map(each => each.type)}::text[],
      ${edges.map(each => each.targetRef)}::text[], ${edges.map(each => each.fromTarget)}::boolean[]) as e (s, y, t, f)`.execute(trx)
}

async function selectEdges(trx: Transaction<any>, refs: string[]): Promise<(Edge & { id: number })[]> {
  const { rows } = await sql<Edge & { id: number }>`select id, source_ref as "sourceRef", type, target_ref as "targetRef",
    emitted_by_target as "fromTarget" from catalog.relation where id = any(array(${emittedBy(refs)}))`.execute(trx)
  return rows
}

async function upsertContributions(trx: Transaction<any>, all: Contribution[]): Promise<void> {
  if (all.length === 0) return
  await sql`insert into catalog.contribution (source_id, ref, holds)
    select * from unnest(${all.map(each => each.sourceId)}::bigint[], ${all.map(each => each.ref)}::text[], ${all.map(each => each.holds)}::boolean[])
    on conflict (source_id, ref) do update set holds = excluded.holds`.execute(trx)
}

/** The problems of a source are always those of its last reading; those of a location's targets are found when targets are looked up. */
async function replaceProblems(trx: Transaction<any>, sourceIds: number[], problems: NewProblem[]): Promise<void> {
  if (sourceIds.length > 0) {
    await sql`delete from catalog.problem where source_id = any(${sourceIds}::bigint[]) and code <> all(${TARGET_PROBLEMS}::text[])`.execute(trx)
  }
  await insertProblems(trx, problems)
}

/** Codes of what can be wrong with the targets of a Location entity. */
const TARGET_PROBLEMS = ['CATALOG_LOCATION_TYPE', 'CATALOG_LOCATION_TARGET', 'CATALOG_NO_MATCH']

async function insertProblems(trx: Transaction<any>, problems: NewProblem[]): Promise<void> {
  if (problems.length === 0) return
  const column = <T>(read: (problem: NewProblem) => T) => problems.map(read)
  await sql`insert into catalog.problem (source_id, ref, code, level, message, hint, location, line, col, at)
    select s, r, c, l, m, h, o, n, k, now() from unnest(${column(each => each.sourceId)}::bigint[], ${column(each => each.ref)}::text[],
      ${column(each => each.error.code)}::text[], ${column(each => levelOf(each.error))}::text[],
      ${column(each => each.error.message)}::text[], ${column(each => each.error.hint)}::text[],
      ${column(each => each.location)}::text[], ${column(each => each.line)}::int[], ${column(each => each.column)}::int[])
      as p (s, r, c, l, m, h, o, n, k)`.execute(trx)
}

function levelOf(error: PortalError): 'warning' | 'error' {
  return error.status === 409 ? 'warning' : 'error'
}

async function rememberInputs(trx: Transaction<any>, readings: SourceReading[]): Promise<void> {
  if (readings.length === 0) return
  const column = <T>(read: (input: NonNullable<SourceReading['input']>) => T) => readings.map(each => read(each.input ?? { hash: null }))
  await sql`update catalog.source s set hash = i.hash, etag = i.etag, last_modified = i.modified, dependencies = i.dependencies::jsonb,
      read_at = now(), next_read_at = i.next, failures = 0
    from unnest(${readings.map(each => each.sourceId)}::bigint[], ${column(each => each.hash)}::text[], ${column(each => each.etag ?? null)}::text[],
      ${column(each => each.lastModified ?? null)}::text[], ${column(each => JSON.stringify(each.dependencies ?? {}))}::text[],
      ${column(each => each.nextReadAt?.toISOString() ?? null)}::timestamptz[]) as i (id, hash, etag, modified, dependencies, next)
    where s.id = i.id`.execute(trx)
}

async function releaseWaiting(trx: Transaction<any>, refs: string[]): Promise<number[]> {
  if (refs.length === 0) return []
  const { rows } = await sql<{ id: number }>`update catalog.source set hash = null, etag = null, last_modified = null
    where id in (select source_id from catalog.contribution where ref = any(${refs}::text[]) and not holds) returning id`.execute(trx)
  return rows.map(row => row.id)
}

export type WantedSource = { key: string; type: string; target: string; origin: string; parents: string[]; optional: boolean }

/** Makes the list of sources the wanted one: adds what is new; what nobody leads to any more goes, with what it held. */
export async function syncSources(db: Kysely<any>, wanted: WantedSource[], gone: number[], problems: NewProblem[], actor: string, orphans: OrphanStrategy): Promise<Written> {
  return inTransaction(db, async trx => {
    await sql`delete from catalog.problem where code = any(${TARGET_PROBLEMS}::text[])`.execute(trx)
    await insertProblems(trx, problems)
    if (wanted.length > 0) {
      await sql`insert into catalog.source (key, type, target, origin, parents, optional)
        select k, t, g, o, string_to_array(p, ' '), n from unnest(${wanted.map(each => each.key)}::text[], ${wanted.map(each => each.type)}::text[],
          ${wanted.map(each => each.target)}::text[], ${wanted.map(each => each.origin)}::text[],
          ${wanted.map(each => each.parents.join(' '))}::text[], ${wanted.map(each => each.optional)}::boolean[]) as w (k, t, g, o, p, n)
        on conflict (key) do update set origin = excluded.origin, parents = excluded.parents, optional = excluded.optional,
          hash = case when source.origin = excluded.origin then source.hash end`.execute(trx)
    }
    const held = await sql<{ ref: string }>`delete from catalog.contribution where source_id = any(${gone}::bigint[])
      and holds returning ref`.execute(trx)
    const refs = held.rows.map(row => row.ref)
    await letGo(trx, refs, actor, orphans)
    const released = await releaseWaiting(trx, refs)
    await sql`delete from catalog.source where id = any(${gone}::bigint[])`.execute(trx)
    return { refs, revision: 0, released, changedLocations: refs.some(ref => ref.startsWith('location:')) }
  })
}

/** A reading that failed: what the source said before stays; the failure is its problem until a reading succeeds. */
export async function writeFailure(db: Kysely<any>, sourceId: number, location: string, error: PortalError, nextReadAt: Date | null): Promise<void> {
  await inTransaction(db, async trx => {
    const problem = { sourceId, ref: null, error, location: formatPlace(error.where) || location, line: null, column: null }
    await replaceProblems(trx, [sourceId], [problem])
    await sql`update catalog.source set failures = failures + 1, read_at = now(), next_read_at = ${nextReadAt?.toISOString() ?? null}::timestamptz,
      hash = null, etag = null, last_modified = null where id = ${sourceId}`.execute(trx)
  })
}

/** A conditional request said that nothing changed. */
export async function writeUnchanged(db: Kysely<any>, sourceId: number, nextReadAt: Date | null): Promise<void> {
  await sql`update catalog.source set read_at = now(), failures = 0, next_read_at = ${nextReadAt?.toISOString() ?? null}::timestamptz
    where id = ${sourceId}`.execute(db)
}

/** Forgets what sources said last, so that their next reading is taken in whole. */
export async function forgetInputs(db: Kysely<any>, sourceIds: number[]): Promise<void> {
  await sql`update catalog.source set hash = null, etag = null, last_modified = null where id = any(${sourceIds}::bigint[])`.execute(db)
}

/** Deletes one entity at somebody's wish. A source that still declares it brings it back at its next reading. */
export async function deleteEntity(db: Kysely<any>, ref: string, actor: string): Promise<number[]> {
  return inTransaction(db, async trx => {
    await removeEntities(trx, [ref], actor)
    const { rows } = await sql<{ source_id: number }>`delete from catalog.contribution where ref = ${ref} returning source_id`.execute(trx)
    const ids = rows.map(row => row.source_id)
    await forgetInputs(trx, ids)
    return ids
  })
}

export type RegisteredLocation = { id: string; type: string; target: string }

/** @returns false when the location is registered already. */
export async function insertLocation(db: Kysely<any>, location: RegisteredLocation, actor: string): Promise<boolean> {
  const { rows } = await sql`insert into catalog.location (id, type, target, actor)
    values (${location.id}::uuid, ${location.type}, ${location.target}, ${actor}) on conflict do nothing returning id`.execute(db)
  return rows.length > 0
}

export async function deleteLocation(db: Kysely<any>, id: string): Promise<boolean> {
  const { rows } = await sql`delete from catalog.location where id = ${id}::uuid returning id`.execute(db)
  return rows.length > 0
}

/** Merges new terms into their index, so that reads need not go through a list of them. */
export async function mergeTerms(db: Kysely<any>): Promise<void> {
  await sql`select gin_clean_pending_list('catalog.entity_terms')`.execute(db)
}

/** Updates what the planner knows after a big write, and the map of visible pages that counting relies on. */
export async function vacuum(database: Database): Promise<void> {
  for (const table of ['entity_version', 'entity_body', 'relation', 'contribution']) {
    await database.exec(`vacuum (analyze) catalog.${table}`)
  }
}
