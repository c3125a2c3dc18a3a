import { sql, type Kysely } from 'kysely'

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
