import { QueryError } from './errors.ts'
import { allOf, anyOf, type QueryNode } from './tree.ts'

/**
 * Reads Backstage's `filter` parameters: sets are or-ed, the statements of a set are and-ed, and a key that a set repeats
 * may have any of its values. No filter, or only empty ones, matches everything.
 *
 * @throws QueryError with a position in the faulty filter
 * @example
 * parseFilters(['kind=api,spec.type=openapi', 'kind=group'])
 */
export function parseFilters(filters: readonly string[]): QueryNode {
  const sets = filters.map(parseSet).filter(set => set.length)
  return sets.length ? anyOf(sets.map(allOf)) : allOf([])
}

function parseSet(filter: string): QueryNode[] {
  const valuesByKey = new Map<string, Set<string>>()
  let start = 0
  for (const part of filter.split(',')) {
    const [key, value] = parseStatement(part, start)
    start += part.length + 1
    if (key === undefined) continue
    const values = valuesByKey.get(key) ?? new Set()
    if (value !== undefined) values.add(value)
    valuesByKey.set(key, values)
  }
  return [...valuesByKey].map(([field, values]) =>
    values.size ? { type: 'field', field, op: 'in', values: [...values] } : { type: 'field', field, op: 'exists' },
  )
}

function parseStatement(part: string, start: number): [key?: string, value?: string] {
  const statement = part.trim()
  if (!statement) return []
  const equals = statement.indexOf('=')
  const key = (equals === -1 ? statement : statement.slice(0, equals)).trim().toLowerCase()
  if (!key) {
    const from = start + part.indexOf(statement)
    throw new QueryError('QUERY_FILTER_INVALID', { start: from, end: from + statement.length }, { statement })
  }
  return equals === -1
    ? [key]
    : [
        key,
        statement
          .slice(equals + 1)
          .trim()
          .toLowerCase(),
      ]
}
