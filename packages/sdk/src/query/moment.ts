import type { AgeUnit, CompareValue } from './tree.ts'

const DATE = /^(?:19|[2-9]\d)\d\d-\d\d-\d\d$/
const TIME = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?$/i
const LAST_DAY = '9999-12-31'

/** The entity's own times; only they can be asked by age. */
export function isTimeField(field: string): boolean {
  return field === 'created' || field === 'changed'
}

/** The canonical form of an ISO date or time (without a zone: UTC), unless it is neither. */
export function findDate(text: string): string | undefined {
  if (isDay(text)) return text
  const [, day, zone] = TIME.exec(text) ?? []
  if (!day || !isDay(day)) return undefined
  const time = new Date(zone ? text.toUpperCase() : `${text}Z`.toUpperCase())
  if (Number.isNaN(time.getTime())) return undefined
  const iso = time.toISOString().replace('.000Z', 'Z')
  return DATE.test(iso.slice(0, 10)) ? iso : undefined
}

/** True for `2026-06-01`, false for a time or for a day that no calendar has. */
export function isDay(text: string): boolean {
  if (!DATE.test(text)) return false
  const time = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text)
}

export function addDay(day: string): string {
  if (day === LAST_DAY) return day
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

/** Reads `7d`: hours, days, weeks, months or years. */
export function findAge(text: string): { count: number; unit: AgeUnit } | undefined {
  const [, count, unit] = /^(\d{1,4})([hdwmy])$/i.exec(text) ?? []
  if (!count || !unit) return undefined
  // why: the expression lets only these five letters through.
  return { count: Number(count), unit: unit.toLowerCase() as AgeUnit }
}

/** The time that a date or an age means, the latter counted back from `now`. */
export function getMoment(value: Exclude<CompareValue, { type: 'number' }>, now: Date): Date {
  if (value.type === 'date') return new Date(value.date)
  const { count, unit } = value
  if (unit === 'm' || unit === 'y') return subtractMonths(now, unit === 'm' ? count : count * 12)
  const hours = { h: 1, d: 24, w: 168 }[unit]
  return new Date(now.getTime() - count * hours * 3_600_000)
}

/** A month before 31 March is the last day of February. */
function subtractMonths(now: Date, count: number): Date {
  const moment = new Date(now)
  moment.setUTCMonth(now.getUTCMonth() - count)
  if (moment.getUTCDate() !== now.getUTCDate()) moment.setUTCDate(0)
  return moment
}
