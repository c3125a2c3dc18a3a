import { sql, type Kysely } from 'kysely'
import type { NamedLocation } from '../locationRef.ts'

/** What every replica listens to: the registered locations have changed. Told when that is committed. */
export const SOURCES_CHANNEL = 'callboard_sources'

export type RegisteredLocation = NamedLocation & { id: string }

/** The registered locations, ordered by id; with `only`, those that are the same in these columns. */
export async function listLocations(
  db: Kysely<any>,
  only: { id?: string; type?: string; target?: string } = {},
): Promise<RegisteredLocation[]> {
  const { id = null, type = null, target = null } = only
  const { rows } = await sql<RegisteredLocation>`select id, type, target, named_after as "namedAfter" from catalog.location
    where (${id}::text is null or id::text = lower(${id}::text)) and (${type}::text is null or type = ${type}::text)
      and (${target}::text is null or target = ${target}::text) order by id`.execute(db)
  return rows
}

/** @returns false when the location is registered already, or its entity's name belongs to another one. */
export async function insertLocation(
  db: Kysely<any>,
  { id, type, target }: { id: string; type: string; target: string },
  actor: string,
): Promise<boolean> {
  const { rows } = await sql`with l as (insert into catalog.location (id, type, target, actor)
    values (${id}::uuid, ${type}, ${target}, ${actor}) on conflict do nothing returning id)
    select pg_notify(${SOURCES_CHANNEL}, id::text) from l`.execute(db)
  return rows.length > 0
}

/** Leads a registration elsewhere; its entity keeps its name. @returns false when that place is registered already. */
export async function updateLocation(
  db: Kysely<any>,
  { id, type, target }: { id: string; type: string; target: string },
): Promise<boolean> {
  const { rows } = await sql`with c as (update catalog.location l
    set named_after = nullif(coalesce(named_after, type || ':' || target), ${type}::text || ':' || ${target}::text),
      type = ${type}, target = ${target}
    where id = ${id}::uuid and not exists (
      select 1 from catalog.location o where o.type = ${type} and o.target = ${target} and o.id <> l.id) returning id)
    select pg_notify(${SOURCES_CHANNEL}, id::text) from c`.execute(db)
  return rows.length > 0
}

export async function deleteLocation(db: Kysely<any>, id: string): Promise<boolean> {
  const { rows } = await sql`with d as (delete from catalog.location where id = ${id}::uuid returning id)
    select pg_notify(${SOURCES_CHANNEL}, id::text) from d`.execute(db)
  return rows.length > 0
}
