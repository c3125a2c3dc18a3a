import type { z } from 'zod'
import { valueAt } from './keyPath.ts'

const TRUE = /^(?:y|yes|true|1|on)$/i
const FALSE = /^(?:n|no|false|0|off)$/i

/**
 * A copy of the value in which texts stand as the number or boolean that an issue asked for, or undefined if none could.
 * Variables give texts only, so `port: ${PORT}` has to count as a number (Backstage's `getNumber` and `getBoolean`).
 */
export function coerceTexts(value: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  let copy: unknown
  for (const issue of issues) {
    if (issue.code !== 'invalid_type') continue
    const converted = convert(valueAt(value, issue.path), issue.expected)
    const last = issue.path.at(-1)
    if (converted === undefined || last === undefined) continue
    copy ??= structuredClone(value)
    const parent = valueAt(copy, issue.path.slice(0, -1))
    if (typeof parent === 'object' && parent !== null) Reflect.set(parent, last, converted)
  }
  return copy
}

function convert(text: unknown, expected: string): number | boolean | undefined {
  if (typeof text !== 'string') return undefined
  if (expected === 'boolean') return TRUE.test(text) ? true : FALSE.test(text) ? false : undefined
  const isNumber = (expected === 'number' || expected === 'int') && text.trim() !== '' && Number.isFinite(Number(text))
  return isNumber ? Number(text) : undefined
}
