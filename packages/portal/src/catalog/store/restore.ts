import { ANNOTATION } from '@callboard/sdk'
import { sql, type Kysely } from 'kysely'
import { termOf } from '../ingest/searchRows.ts'
import { emittedBy } from './edges.ts'
import { inTransaction, writtenAt } from './inTransaction.ts'

const ORPHAN_FIELD = `metadata.annotations.${ANNOTATION.orphan}`

export type Restored = { type: 'restored'; revision: number } | { type: 'held'; location: string } | { type: 'missing' }

/**
 * Brings a state of an entity back that no source declares, with the edges of then. It is kept as an orphan until a source
 * declares the ref again; what a source holds stays as the source says.
 */
export async function restoreVersion(
  db: Kysely<any>,
  { ref, version }: { ref: string; version: number },
  actor: string,
  reason: string | undefined,
): Promise<Restored> {
  return inTransaction(db, async trx => {
    const held = await sql<{ location: string | null; key: string }>`select v.location, s.key from catalog.contribution c
      join catalog.source s on s.id = c.source_id
      left join catalog.entity_version v on v.ref = c.ref and v.valid_to is null
      where c.ref = ${ref} and c.holds`.execute(trx)
    const [holder] = held.rows
    if (holder) return { type: 'held', location: holder.location ?? holder.key }
    const found = await sql<{ id: string }>`select v.id from catalog.entity_version v
      join catalog.entity_body b on b.version_id = v.id where v.ref = ${ref} and v.version = ${version}`.execute(trx)
    const [row] = found.rows
    if (!row) return { type: 'missing' }
    await sql`update catalog.entity_version set valid_to = ${writtenAt} where ref = ${ref} and valid_to is null`.execute(trx)
    await sql`update catalog.relation set valid_to = ${writtenAt}
      where valid_to is null and id = any(array(${emittedBy([ref])}))`.execute(trx)
    const terms = `{${[termOf(ORPHAN_FIELD), termOf(ORPHAN_FIELD, 'true')].join(',')}}`
    const inserted = await sql<{ revision: string }>`
      with old as (select * from catalog.entity_version where id = ${row.id}::bigint),
      v as (
        insert into catalog.entity_version (ref, uid, version, valid_from, kind, namespace, name, title, type, lifecycle,
          kind_text, type_text, lifecycle_text, terms, etag, cause, actor, reason, location)
        select ref, uid, (select max(version) + 1 from catalog.entity_version where ref = old.ref), ${writtenAt}, kind, namespace, name,
          title, type, lifecycle, kind_text, type_text, lifecycle_text,
          array(select distinct t from unnest(terms || ${terms}::bigint[]) as t),
          md5(etag || 'restored') || left(etag, 8), 'restored', ${actor}::text, ${reason ?? null}::text, location from old
        returning id, etag),
      b as (
        insert into catalog.entity_body (version_id, body, fields, words)
        select v.id, jsonb_set(jsonb_set(o.body::jsonb, array['metadata', 'annotations', ${ANNOTATION.orphan}::text], '"true"'),
            '{metadata,etag}', to_jsonb(v.etag))::text,
          o.fields || jsonb_build_object(${ORPHAN_FIELD}::text, array['true']), o.words
        from v, old join catalog.entity_body o on o.version_id = old.id)
      select id as revision from v`.execute(trx)
    await sql`insert into catalog.relation (source_ref, type, target_ref, emitted_by_target, valid_from)
      select distinct r.source_ref, r.type, r.target_ref, r.emitted_by_target, ${writtenAt}
      from catalog.relation r, catalog.entity_version v
      where v.id = ${row.id}::bigint and r.valid_from <= v.valid_from and r.valid_to > v.valid_from
        and ((r.source_ref = ${ref} and not r.emitted_by_target) or (r.target_ref = ${ref} and r.emitted_by_target))`.execute(trx)
    return { type: 'restored', revision: Number(inserted.rows[0]?.revision ?? 0) }
  })
}
