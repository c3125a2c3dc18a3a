import { sql, type RawBuilder } from 'kysely'
import { findRelation, inverseOf, isStored } from '../kinds/relations.ts'
import { isCurrent, type At } from './isCurrent.ts'

/** A condition on the row with this alias of `entity_version`. */
export type Visible = (alias: string) => RawBuilder<unknown>

/**
 * All edges of a relation at a time, in either of its names, as columns `a` (who has it) and `b` (its target).
 * An edge is as visible as the entity whose document names it.
 */
export function edgesOfRelation(name: string, visible: Visible | undefined, at?: At): RawBuilder<unknown> {
  const type = findRelation(name)
  if (!type) return edgesOfPair(name.toLowerCase(), visible, at)
  const [a, b, stored] = isStored(type) ? ['source_ref', 'target_ref', type] : ['target_ref', 'source_ref', inverseOf(type)]
  return sql`(select r.${sql.id(a)} as a, r.${sql.id(b)} as b from catalog.relation r
    where ${isCurrent('r', at)} and r.type = ${stored}${emitterIsVisible('r', visible, at)})`
}

/** A relation that the model brought is stored under both of its names; migration 006 has an index for each. */
function edgesOfPair(name: string, visible: Visible | undefined, at: At): RawBuilder<unknown> {
  const end = (part: number, a: string, b: string) => sql`select r.${sql.id(a)} as a, r.${sql.id(b)} as b from catalog.relation r
    where ${isCurrent('r', at)} and r.type like '%/%' and lower(split_part(r.type, '/', ${sql.lit(part)})) = ${name}${emitterIsVisible('r', visible, at)}`
  return sql`(${end(1, 'source_ref', 'target_ref')} union all ${end(2, 'target_ref', 'source_ref')})`
}

/** ` and …` for a row of `relation`; nothing while everything is visible. */
export function emitterIsVisible(alias: string, visible: Visible | undefined, at?: At): RawBuilder<unknown> {
  if (!visible) return sql``
  const edge = sql.id(alias)
  return sql` and exists (select 1 from catalog.entity_version x where ${isCurrent('x', at)}
    and x.ref = case when ${edge}.emitted_by_target then ${edge}.target_ref else ${edge}.source_ref end and ${visible('x')})`
}
