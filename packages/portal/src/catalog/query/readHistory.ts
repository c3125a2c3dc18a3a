import { sql } from 'kysely'
import type { EntityVersion } from '../contract.ts'
import { seeHistory } from './pastVisibility.ts'
import type { Scope } from './scope.ts'

/** The states of an entity, newest first; empty when there was never one or none is visible. */
export async function readVersions(scope: Scope, ref: string): Promise<EntityVersion[]> {
  const { rows } = await sql<EntityVersion & { at: Date | string; until: Date | string | null }>`
    select h.version, h.valid_from as at, h.valid_to as until, h.cause, h.actor, h.reason, h.location, h.etag
    from catalog.entity_version h where h.ref = ${ref} and ${seeHistory(scope.policy, 'h')}
    order by h.version desc limit 500`.execute(scope.db)
  return rows.map(row => ({ ...row, at: toIso(row.at), until: row.until === null ? null : toIso(row.until) }))
}

/** The text of one state, without relations. */
export async function findVersionText(scope: Scope, ref: string, version: number): Promise<string | undefined> {
  const { rows } = await sql<{
    body: string
  }>`select b.body from catalog.entity_version h join catalog.entity_body b on b.version_id = h.id
    where h.ref = ${ref} and h.version = ${version} and ${seeHistory(scope.policy, 'h')}`.execute(scope.db)
  return rows[0]?.body
}

/** A time of the database in the form in which it is sent. */
export function toIso(value: Date | string): string {
  return new Date(value).toISOString()
}
