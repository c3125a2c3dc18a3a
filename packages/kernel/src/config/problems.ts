import type { z } from 'zod'
import { valueAt } from './keyPath.ts'
import { knownKeys } from './knownKeys.ts'
import { nearestName } from './nearestName.ts'

type Issue = z.core.$ZodIssue

/** One thing that is wrong with a section. The sentence starts at its verb and never holds the value, which may be secret. */
export type Problem = { path: PropertyKey[]; sentence: string; hint?: string }

/** Turns zod's issues about a value into problems that a person can act on. */
export function listProblems(issues: readonly Issue[], schema: z.ZodType, value: unknown): Problem[] {
  return issues.flatMap(issue => describeIssue(issue, schema, value))
}

function describeIssue(issue: Issue, schema: z.ZodType, value: unknown): Problem[] {
  const { path } = issue
  const found = valueAt(value, path)
  if (issue.code === 'unrecognized_keys') return issue.keys.map(key => unknownKey(key, issue.path, schema))
  if (issue.code === 'invalid_union' && found !== undefined) return describeUnion(issue, schema, value)
  if (found === undefined) return [{ path, sentence: 'is missing', hint: 'Add the key that is named.' }]
  if (issue.code === 'invalid_type') return [{ path, sentence: `must be ${nameType(issue.expected)}, not ${nameValue(found)}` }]
  if (issue.code === 'invalid_value') return [wrongChoice(path, issue.values.map(String), found)]
  if (issue.code === 'custom') return [{ path, sentence: `is wrong: ${trimDot(issue.message)}` }]
  return [{ path, sentence: `is wrong: ${lowerFirst(issue.message)}` }]
}

function unknownKey(key: string, parent: PropertyKey[], schema: z.ZodType): Problem {
  const known = knownKeys(schema, parent)
  const near = nearestName(key, known)
  const hint = near ? `Did you mean ${near}?` : known.length > 0 ? `Known keys there: ${known.join(', ')}.` : undefined
  return { path: [...parent, key], sentence: near ? `is not a known key; did you mean ${near}?` : 'is not a known key', hint }
}

function wrongChoice(path: PropertyKey[], choices: string[], found: unknown): Problem {
  const near = typeof found === 'string' ? nearestName(found, choices) : undefined
  const list = choices.length === 1 ? `must be ${choices[0]}` : `must be one of ${choices.join(', ')}`
  return { path, sentence: near ? `${list}; did you mean ${near}?` : list }
}

function describeUnion(issue: Extract<Issue, { code: 'invalid_union' }>, schema: z.ZodType, value: unknown): Problem[] {
  const { path } = issue
  const branches: Problem[][] = issue.errors.map(errors =>
    listProblems(
      errors.map(error => ({ ...error, path: [...path, ...error.path] })),
      schema,
      value,
    ),
  )
  // why: a branch that fails further inside has the right shape, so its problems are the ones to correct.
  const inside = branches.filter(problems => problems.every(problem => problem.path.length > path.length))
  const [closest] = inside.toSorted((a, b) => a.length - b.length)
  if (closest) return closest
  const sentences = [...new Set(branches.flatMap(problems => problems.map(({ sentence }) => sentence)))]
  const types = sentences.map(sentence => /^must be (.*), not (.*)$/.exec(sentence))
  const last = types.at(-1)?.[2]
  if (last !== undefined && types.every(type => type !== null)) {
    return [{ path, sentence: `must be ${types.map(type => type[1]).join(' or ')}, not ${last}` }]
  }
  return [{ path, sentence: sentences.join(', or ') || 'has no form that is known' }]
}

function nameType(expected: string): string {
  if (expected === 'object' || expected === 'record') return 'an object'
  if (expected === 'array') return 'a list'
  if (expected === 'string') return 'a text'
  return `${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`
}

function nameValue(value: unknown): string {
  if (value === null) return 'null'
  return nameType(Array.isArray(value) ? 'array' : typeof value)
}

function lowerFirst(message: string): string {
  return trimDot(message.charAt(0).toLowerCase() + message.slice(1))
}

function trimDot(message: string): string {
  return message.replace(/\.$/, '')
}
