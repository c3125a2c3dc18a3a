import { sql, type Kysely } from 'kysely'
import type { Entity } from '@callboard/sdk'
import type { NamedLocation } from '../locationRef.ts'
import type { SourceRow } from './readSource.ts'
import type { KnownLocation } from './wantedSources.ts'

export const SOURCE_COLUMNS = sql`id, key, type, target, origin, parents, optional, hash, etag, last_modified as "lastModified", dependencies, failures, edition::float8 as edition`

/** All sources, or those with these ids. */
export async function selectSources(db: Kysely<any>, ids?: number[]): Promise<SourceRow[]> {
  const { rows } = await sql<SourceRow>`select ${SOURCE_COLUMNS} from catalog.source
    ${ids ? sql`where id = any(${ids}::bigint[])` : sql``} order by id`.execute(db)
  return rows
}

/** The URLs whose time has come. Of several replicas one gets each: it is put off at once. */
export async function claimDueSources(db: Kysely<any>, limit: number): Promise<SourceRow[]> {
  const { rows } = await sql<SourceRow>`update catalog.source set next_read_at = now() + interval '5 minutes'
    where id in (select id from catalog.source where next_read_at <= now() order by next_read_at limit ${limit} for update skip locked)
    returning ${SOURCE_COLUMNS}`.execute(db)
  return rows
}

/** The current Location entities. */
export async function selectLocations(db: Kysely<any>): Promise<KnownLocation[]> {
  const { rows } = await sql<{ body: string; sourceId: number }>`select b.body, v.source_id as "sourceId"
    from catalog.entity_version v join catalog.entity_body b on b.version_id = v.id
    where v.valid_to is null and v.kind = 'location' and v.source_id is not null order by v.ref`.execute(db)
  return rows.map(row => ({ entity: JSON.parse(row.body) as Entity, sourceId: Number(row.sourceId) }))
}

export async function selectRegistered(db: Kysely<any>): Promise<NamedLocation[]> {
  const { rows } =
    await sql<NamedLocation>`select type, target, named_after as "namedAfter" from catalog.location order by id`.execute(db)
  return rows
}

/**
 * The sources that lead to an entity: the one that declares it, and those of the locations above it, root first.
 * With a Location goes what it leads to itself.
 */
export async function selectLineage(db: Kysely<any>, ref: string): Promise<SourceRow[]> {
  const { rows } = await sql<SourceRow>`
    with recursive up (id, depth) as (
      select source_id, 0 from catalog.contribution where ref = ${ref}
      union
      select c.source_id, up.depth + 1 from up join catalog.source s on s.id = up.id
        join catalog.contribution c on c.ref = any(s.parents) and c.holds
      where up.depth < 32)
    select ${SOURCE_COLUMNS} from catalog.source where id in (select id from up) or ${ref} = any(parents)
    order by (select max(depth) from up where up.id = source.id) desc nulls last`.execute(db)
  return rows
}
