import { sql, type RawBuilder } from 'kysely'
import { isCurrent, timeOfRow, type At } from './isCurrent.ts'
import type { Visible } from './relationSql.ts'

/** The policies' condition on a row, with relations as of a time. */
export type PolicyAt = (at: At) => Visible

/**
 * A state of the past is seen by whoever may see it and may see the entity's last state: the present one or, of an entity that
 * is gone, the one before its removal. What is hidden today stays hidden in the past, and what was hidden then is not opened.
 */
export function seePast(policy: PolicyAt, at: NonNullable<At>): Visible {
  return alias => sql`(${policy(at)(alias)} and ${lastStateIsSeen(policy, sql.ref(`${alias}.ref`))})`
}

/** Whether the last state of an entity is visible, for a `ref` of an outer statement. */
export function lastStateIsSeen(policy: PolicyAt, ref: RawBuilder<unknown>): RawBuilder<unknown> {
  const end = timeOfRow(sql`(l.valid_to - interval '1 microsecond')`)
  // why: neither of the two depends on the row outside, so both are asked once and hashed. The second is of entities that are gone.
  return sql`(${ref} in (select c.ref from catalog.entity_version c where c.valid_to is null and ${policy(undefined)('c')})
    or ${ref} in (select l.ref from catalog.entity_version l where l.valid_to > l.valid_from
      and not exists (select 1 from catalog.entity_version n where n.ref = l.ref and n.version > l.version
        and n.valid_to is distinct from n.valid_from) and ${policy(end)('l')}))`
}

/**
 * Whether a row of the history is seen. Of a removal the state before it counts: its own row says nothing of the entity.
 * The alias is that of a row of `entity_version`.
 */
export function seeHistory(policy: PolicyAt | undefined, alias: string): RawBuilder<unknown> {
  if (!policy) return sql`true`
  const [from, to, ref] = [sql.ref(`${alias}.valid_from`), sql.ref(`${alias}.valid_to`), sql.ref(`${alias}.ref`)]
  const at = timeOfRow(sql`(${from} - case when ${to} = ${from} then interval '1 microsecond' else interval '0' end)`)
  return sql`(exists (select 1 from catalog.entity_version s where s.ref = ${ref} and ${isCurrent('s', at)} and ${policy(at)('s')})
    and ${lastStateIsSeen(policy, ref)})`
}
