import type { Entity } from '@callboard/sdk'
import { sql } from 'kysely'
import type { EntityVersion } from '../contract.ts'
import { seeHistory } from '../query/pastVisibility.ts'
import { toIso } from '../query/readHistory.ts'
import type { Scope } from '../query/scope.ts'
import { escapePointer, isPlainList, isRecord, toDocument } from './diffEntities.ts'

/** A value of the last state of an entity, and the version that set it. */
export type BlameLine = Pick<EntityVersion, 'version' | 'at' | 'cause' | 'actor' | 'reason' | 'location'> & {
  path: string
  value: unknown
}

type State = Omit<BlameLine, 'path' | 'value'> & { body: string | null }

/** Who set each value of an entity; the values of a list keep their versions when the list is reordered. */
export async function blameEntity(scope: Scope, ref: string): Promise<BlameLine[] | undefined> {
  const { rows } = await sql<State>`select h.version, h.valid_from as at, h.cause, h.actor, h.reason, h.location, b.body
    from catalog.entity_version h left join catalog.entity_body b on b.version_id = h.id
    where h.ref = ${ref} and ${seeHistory(scope.policy, 'h')} order by h.version`.execute(scope.db)
  let lines = new Map<string, BlameLine>()
  for (const { body, ...version } of rows) {
    const next = new Map<string, BlameLine>()
    // why: the text was made from an entity.
    const leaves = body === null ? [] : listLeaves('', toDocument(JSON.parse(body) as Entity))
    for (const { key, path, value } of leaves) {
      next.set(key, { ...(lines.get(key) ?? { ...version, at: toIso(version.at) }), path, value })
    }
    lines = next
  }
  return rows.length === 0 ? undefined : [...lines.values()]
}

/** `key` holds the value too, and for values of a list not their place. */
type Leaf = { key: string; path: string; value: unknown }

function listLeaves(path: string, value: unknown): Leaf[] {
  if (isPlainList(value) && value.length > 0) {
    return value.map((each, index) => ({ key: `${path}/*=${JSON.stringify(each)}`, path: `${path}/${index}`, value: each }))
  }
  const children = Array.isArray(value) ? [...value.entries()] : isRecord(value) ? Object.entries(value) : []
  if (children.length > 0) return children.flatMap(([key, child]) => listLeaves(`${path}/${escapePointer(String(key))}`, child))
  return [{ key: `${path}=${JSON.stringify(value)}`, path, value }]
}
