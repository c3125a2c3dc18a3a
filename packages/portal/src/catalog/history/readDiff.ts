import type { Entity } from '@callboard/sdk'
import { sql } from 'kysely'
import { stringify } from 'yaml'
import { portalErrors } from '../../errors.ts'
import { seeHistory } from '../query/pastVisibility.ts'
import { findEntityText } from '../query/readEntities.ts'
import { toIso } from '../query/readHistory.ts'
import { parseDate, type Scope } from '../query/scope.ts'
import { diffEntities, toDocument, type EntityChange } from './diffEntities.ts'
import { unifiedDiff } from './unifiedDiff.ts'

type Point = { at: string; version: number | null }

export type EntityDiff = { ref: string; from: Point; to: Point; changes: EntityChange[]; text: string }

/**
 * What differs between two states of an entity, each named by its version or by a date; without names, the last change.
 *
 * @returns undefined when no state of the entity is visible
 * @throws PortalError VERSION_NOT_FOUND, DATE_INVALID
 */
export async function findDiff(
  scope: Scope,
  ref: string,
  asked: { from?: string | undefined; to?: string | undefined },
): Promise<EntityDiff | undefined> {
  const { rows } = await sql<{ version: number; at: Date | string }>`select h.version, h.valid_from as at
    from catalog.entity_version h where h.ref = ${ref} and ${seeHistory(scope.policy, 'h')} order by h.version`.execute(scope.db)
  const versions = rows.map(row => ({ version: row.version, at: toIso(row.at) }))
  const last = versions.at(-1)
  if (!last) return undefined
  const to = asked.to === undefined ? last : findPoint(versions, asked.to, ref)
  const before = versions.findLast(each => each.at < to.at)
  const from =
    asked.from === undefined ? (before ?? { at: '1970-01-01T00:00:00Z', version: null }) : findPoint(versions, asked.from, ref)
  const [old, young] = [await findState(scope, ref, from.at), await findState(scope, ref, to.at)]
  const [a, b] = [old, young].map(entity => (entity ? stringify(toDocument(entity), { lineWidth: 0 }) : ''))
  const nameOf = ({ at, version }: Point) => `${ref} ${version === null ? at : `version ${version}`}`
  const text = unifiedDiff({ name: nameOf(from), text: a ?? '' }, { name: nameOf(to), text: b ?? '' })
  return { ref, from, to, changes: diffEntities(old, young), text }
}

function findPoint(versions: { version: number; at: string }[], text: string, ref: string): Point {
  if (/^\d{1,9}$/.test(text)) {
    const found = versions.find(each => each.version === Number(text))
    if (!found) throw portalErrors.VERSION_NOT_FOUND({ ref, version: text })
    return found
  }
  const at = new Date(parseDate(text)).toISOString()
  return { at, version: versions.findLast(each => each.at <= at)?.version ?? null }
}

async function findState(scope: Scope, ref: string, at: string): Promise<Entity | undefined> {
  const text = await findEntityText(scope.asOf(at), ref)
  // why: the text was made from an entity.
  return text === undefined ? undefined : (JSON.parse(text) as Entity)
}
