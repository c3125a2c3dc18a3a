import { z } from 'zod'
import { kernelErrors } from '../errors.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const MS_BY_UNIT = {
  years: 365 * DAY,
  months: 30 * DAY,
  weeks: 7 * DAY,
  days: DAY,
  hours: HOUR,
  minutes: MINUTE,
  seconds: SECOND,
  milliseconds: 1,
}

type Unit = keyof typeof MS_BY_UNIT

/** A duration as an object, such as `{ hours: 1, minutes: 30 }`. */
export type DurationObject = { [unit in Unit]?: number }

const UNIT_WORDS: [RegExp, Unit][] = [
  [/^(?:ms|millis|milliseconds?)$/i, 'milliseconds'],
  [/^(?:s|secs?|seconds?)$/i, 'seconds'],
  [/^(?:m|mins?|minutes?)$/i, 'minutes'],
  [/^(?:h|hrs?|hours?)$/i, 'hours'],
  [/^(?:d|days?)$/i, 'days'],
  [/^(?:w|weeks?)$/i, 'weeks'],
  [/^(?:mo|months?)$/i, 'months'],
  [/^(?:y|yrs?|years?)$/i, 'years'],
]

const ISO_UNITS: Unit[] = ['years', 'months', 'weeks', 'days', 'hours', 'minutes', 'seconds']
const ISO =
  /^P(?=.)(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(?=.)(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?$/

/**
 * Milliseconds of a duration: text like `1h 30m`, ISO 8601 like `PT30M`, or an object like `{ minutes: 5 }`.
 * A month counts 30 days and a year 365. Throws `DURATION_INVALID`.
 *
 * @example
 * parseDuration('1h 30m') // 5_400_000
 */
export function parseDuration(duration: string | DurationObject): number {
  const ms = typeof duration === 'string' ? findTextMs(duration.trim()) : findObjectMs(duration)
  if (ms === undefined) throw kernelErrors.DURATION_INVALID({ text: describe(duration) })
  return ms
}

const amountSchema = z
  .union([
    z.number().min(0),
    z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number),
  ])
  .optional()

/** A duration in configuration, read as milliseconds. */
export const durationSchema = z
  .union([
    z.string(),
    z.strictObject({
      years: amountSchema,
      months: amountSchema,
      weeks: amountSchema,
      days: amountSchema,
      hours: amountSchema,
      minutes: amountSchema,
      seconds: amountSchema,
      milliseconds: amountSchema,
    }),
  ])
  .transform((duration, context) => {
    const ms = typeof duration === 'string' ? findTextMs(duration.trim()) : findObjectMs(duration)
    if (ms !== undefined) return ms
    const { sentence, hint } = kernelErrors.definitions.DURATION_INVALID
    context.addIssue({ code: 'custom', message: `${sentence.replace('{text}', describe(duration))} ${hint}` })
    return z.NEVER
  })

function findTextMs(text: string): number | undefined {
  const iso = ISO.exec(text)
  if (iso) return sum(ISO_UNITS.map((unit, index) => Number(iso[index + 1] ?? 0) * MS_BY_UNIT[unit]))
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)[\s,]*/gi)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined
  return sum(parts.map(([, amount, word = '']) => Number(amount) * unitMs(word)))
}

function findObjectMs(duration: DurationObject): number | undefined {
  const amounts = Object.entries(duration).filter(([, amount]) => amount !== undefined)
  // why: the keys of the object are units by its type.
  return amounts.length === 0 ? undefined : sum(amounts.map(([unit, amount]) => amount * MS_BY_UNIT[unit as Unit]))
}

function unitMs(word: string): number {
  const unit = UNIT_WORDS.find(([pattern]) => pattern.test(word))?.[1]
  return unit ? MS_BY_UNIT[unit] : Number.NaN
}

function sum(amounts: number[]): number | undefined {
  const total = amounts.reduce((all, amount) => all + amount, 0)
  return Number.isFinite(total) ? total : undefined
}

function describe(duration: string | DurationObject): string {
  return typeof duration === 'string' ? duration : JSON.stringify(duration)
}
