import { ANNOTATION } from '@callboard/sdk'
import { sql, type Transaction } from 'kysely'
import type { WritePlan } from '../ingest/planWrites.ts'
import { termOf } from '../ingest/searchRows.ts'
import { emittedBy } from './edges.ts'
import { writtenAt } from './inTransaction.ts'

/** What becomes of entities that no source holds any more. */
export type OrphanStrategy = 'delete' | 'keep'

export async function letGo(trx: Transaction<any>, refs: string[], actor: string, orphans: OrphanStrategy): Promise<void> {
  if (refs.length === 0) return
  await (orphans === 'keep' ? markOrphans(trx, refs, actor) : removeEntities(trx, refs, actor))
}

const ORPHAN_FIELD = `metadata.annotations.${ANNOTATION.orphan}`

/** Keeps entities with an annotation that says that nobody declares them any more. */
async function markOrphans(trx: Transaction<any>, refs: string[], actor: string): Promise<void> {
  const terms = [termOf(ORPHAN_FIELD), termOf(ORPHAN_FIELD, 'true')]
  await sql`
    with old as (
      update catalog.entity_version set valid_to = ${writtenAt} where ref = any(${refs}::text[]) and valid_to is null returning *),
    v as (
      insert into catalog.entity_version (ref, uid, version, valid_from, kind, namespace, name, title, type, lifecycle,
        kind_text, type_text, lifecycle_text, terms, etag, cause, actor, location)
      select ref, uid, version + 1, ${writtenAt}, kind, namespace, name, title, type, lifecycle, kind_text, type_text, lifecycle_text,
        terms || ${terms}::bigint[], md5(etag) || left(etag, 8), 'orphaned', ${actor}, location from old
      returning id, ref)
    insert into catalog.entity_body (version_id, body, fields, words)
    select v.id, jsonb_set(b.body::jsonb, array['metadata', 'annotations', ${ANNOTATION.orphan}], '"true"')::text,
      b.fields || jsonb_build_object(${ORPHAN_FIELD}::text, array['true']), b.words
    from v join old on old.ref = v.ref join catalog.entity_body b on b.version_id = old.id`.execute(trx)
}

/** Ends entities; the row that says so is valid at no time. @returns the number of the last such row */
export async function removeEntities(trx: Transaction<any>, refs: string[], actor: string, reason?: string): Promise<number> {
  const { rows } = await sql<{ revision: string | null }>`
    with gone as (
      update catalog.entity_version set valid_to = ${writtenAt} where ref = any(${refs}::text[]) and valid_to is null returning *),
    v as (
    insert into catalog.entity_version (ref, uid, version, valid_from, valid_to, kind, namespace, name, title, type, lifecycle,
      kind_text, type_text, lifecycle_text, terms, etag, cause, actor, reason, source_id, location)
    select ref, uid, version + 1, ${writtenAt}, ${writtenAt}, kind, namespace, name, title, type, lifecycle,
      kind_text, type_text, lifecycle_text, '{}', etag, 'removed', ${actor}, ${reason ?? null}::text, source_id, location from gone
    returning id)
    select max(id) as revision from v`.execute(trx)
  await sql`update catalog.relation set valid_to = ${writtenAt} where valid_to is null and id = any(array(${emittedBy(refs)}))`.execute(
    trx,
  )
  return Number(rows[0]?.revision ?? 0)
}

export async function closeVersions(trx: Transaction<any>, ids: number[]): Promise<void> {
  if (ids.length > 0)
    await sql`update catalog.entity_version set valid_to = ${writtenAt} where id = any(${ids}::bigint[])`.execute(trx)
}

export async function insertVersions(trx: Transaction<any>, rows: WritePlan['rows'], actor: string): Promise<number> {
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
      select ref, uid, version, ${writtenAt}, kind, namespace, name, title, type, lifecycle, kind_text, type_text, lifecycle_text,
        terms::bigint[], etag, cause, ${actor}, source_id, location from d
      returning id, ref),
    b as (
      insert into catalog.entity_body (version_id, body, fields, words)
      select v.id, d.body, d.fields::jsonb, d.words from v join d on d.ref = v.ref)
    select max(id) as revision from v`.execute(trx)
  return Number(result.rows[0]?.revision ?? 0)
}
