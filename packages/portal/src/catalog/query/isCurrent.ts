import { sql, type RawBuilder } from 'kysely'

/** A time as SQL, which may be that of a row of the statement around; absent for the present. */
export type At = { time: RawBuilder<unknown>; isOfRow: boolean } | undefined

/** A time that is the same for the whole statement. */
export function fixedTime(date: Date): NonNullable<At> {
  return { time: sql`${date.toISOString()}::timestamptz`, isOfRow: false }
}

export function timeOfRow(time: RawBuilder<unknown>): NonNullable<At> {
  return { time, isOfRow: true }
}

/**
 * Whether a row of `entity_version` or `relation` is valid. The present is asked in the words of the partial indexes;
 * a removal, which begins and ends at once, is valid at no time.
 */
export function isCurrent(alias: string, at: At): RawBuilder<unknown> {
  const [from, to] = [sql.ref(`${alias}.valid_from`), sql.ref(`${alias}.valid_to`)]
  return at === undefined ? sql`${to} is null` : sql`(${from} <= ${at.time} and (${to} is null or ${to} > ${at.time}))`
}
