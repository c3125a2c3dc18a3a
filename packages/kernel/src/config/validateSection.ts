import type { Place } from '@callboard/sdk/errors'
import type { z } from 'zod'
import { kernelErrors } from '../errors.ts'
import { coerceTexts } from './coerceTexts.ts'
import { formatKey, parseKey } from './keyPath.ts'
import { listProblems, type Problem } from './problems.ts'
import { showPlace } from './showPlace.ts'
import type { MissingVariable } from './substitute.ts'

type Check<T> = {
  key: string
  schema: z.ZodType<T>
  value: unknown
  place: (key: string) => Place | undefined
  missing: readonly MissingVariable[]
  cwd: string
}

/** Checks one section by its schema. Throws one `CONFIG_INVALID` that lists every problem with its place. */
export function validateSection<T>({ key, schema, value, place, missing, cwd }: Check<T>): T {
  const result = parseValue(schema, value)
  if (result.success) return result.data

  const sectionPath = parseKey(key)
  const problems = listProblems(result.error.issues, schema, value).map(problem => ({
    ...problem,
    path: [...sectionPath, ...problem.path],
  }))
  const places = problems.map(({ path }) => nearestPlace(path, place))
  const variables = problems.map(({ path }) => missingVariable(path, missing))
  const sentences = problems.map((problem, index) => {
    const variable = variables[index]
    const unset = variable ? ` (the environment variable ${variable} is not set)` : ''
    const at = showPlace(places[index], cwd)
    return `${formatKey(problem.path)} ${problem.sentence}${unset}${at && ` (${at})`}`
  })
  const variable = variables.find(name => name !== undefined)
  const [sentence] = sentences
  throw kernelErrors.CONFIG_INVALID(
    {
      count: sentences.length === 1 ? 'a problem' : `${sentences.length} problems`,
      problems: sentences.length === 1 ? `${sentence}.` : sentences.map(line => `\n  ${line}`).join(''),
    },
    { where: { key: firstKey(problems), ...places[0] }, hint: hintOf(problems, variable), cause: result.error },
  )
}

function parseValue<T>(schema: z.ZodType<T>, value: unknown): z.ZodSafeParseResult<T> {
  // why: an absent section is right where nothing in it is required, and else its missing keys are what to report.
  if (value === undefined) {
    const absent = schema.safeParse(undefined)
    const empty = absent.success ? absent : schema.safeParse({})
    return !empty.success && empty.error.issues.some(({ path }) => path.length === 0) ? absent : empty
  }
  const first = schema.safeParse(value)
  if (first.success) return first
  const coerced = coerceTexts(value, first.error.issues)
  return coerced === undefined ? first : schema.safeParse(coerced)
}

function nearestPlace(path: readonly PropertyKey[], place: (key: string) => Place | undefined): Place | undefined {
  for (let length = path.length; length > 0; length--) {
    const found = place(formatKey(path.slice(0, length)))
    if (found) return { ...found, key: formatKey(path) }
  }
  return undefined
}

function missingVariable(path: readonly PropertyKey[], missing: readonly MissingVariable[]): string | undefined {
  const key = formatKey(path)
  return missing.find(found => found.key === key || key.startsWith(`${found.key}.`) || key.startsWith(`${found.key}[`))?.variable
}

function firstKey(problems: Problem[]): string {
  return formatKey(problems[0]?.path ?? [])
}

function hintOf(problems: Problem[], variable: string | undefined): string | undefined {
  if (variable) return `Set the environment variable ${variable}, or write the value another way.`
  return problems.find(({ hint }) => hint !== undefined)?.hint
}
