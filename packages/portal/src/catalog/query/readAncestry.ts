import { stringifyEntityRef, type Entity } from '@callboard/sdk'
import { sql } from 'kysely'
import { isCurrent } from './isCurrent.ts'
import { renderEntity } from './renderEntity.ts'
import type { Scope } from './scope.ts'
import { selectItems } from './selectItems.ts'

export type Ancestry = { rootEntityRef: string; items: { entity: Entity; parentEntityRefs: string[] }[] }

/** The entity and the Location entities that lead to it, the entity first. Hidden ones are left out with what is above them. */
export async function findAncestry(scope: Scope, ref: string): Promise<Ancestry | undefined> {
  const items: Ancestry['items'] = []
  const seen = new Set<string>()
  let level = [ref]
  while (level.length > 0) {
    for (const each of level) seen.add(each)
    const found = await selectItems(scope.db, {
      where: sql`e.ref = any(${level}::text[])`,
      visible: scope.visible,
      at: scope.at,
      sort: [],
      missing: 'last',
    })
    const parents = await selectParents(
      scope,
      found.map(item => item.ref),
    )
    for (const item of found) {
      // why: the text was made from an entity.
      items.push({ entity: JSON.parse(renderEntity(item)) as Entity, parentEntityRefs: parents.get(item.ref) ?? [] })
    }
    level = [...new Set([...parents.values()].flat())].filter(each => !seen.has(each))
  }
  if (items.length === 0) return undefined
  const present = new Set(items.map(item => stringifyEntityRef(item.entity)))
  for (const item of items) item.parentEntityRefs = item.parentEntityRefs.filter(parent => present.has(parent))
  return { rootEntityRef: ref, items }
}

/** In the past: what leads today to the source that declared an entity then, as far as the source is still there. */
async function selectParents(scope: Scope, refs: string[]): Promise<Map<string, string[]>> {
  if (scope.at) {
    const { rows } = await sql<{ ref: string; parents: string[] }>`select v.ref, s.parents from catalog.entity_version v
      join catalog.source s on s.id = v.source_id where v.ref = any(${refs}::text[]) and ${isCurrent('v', scope.at)}`.execute(
      scope.db,
    )
    return new Map(rows.map(row => [row.ref, row.parents]))
  }
  const { rows } = await sql<{ ref: string; parents: string[] }>`select c.ref, s.parents from catalog.contribution c
    join catalog.source s on s.id = c.source_id where c.holds and c.ref = any(${refs}::text[])`.execute(scope.db)
  return new Map(rows.map(row => [row.ref, row.parents]))
}
