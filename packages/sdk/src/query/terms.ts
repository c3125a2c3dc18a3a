import { ACTOR } from './actor.ts'
import { QueryError, type Span } from './errors.ts'
import { adviseOnKey, findKey, getPathKey, KEY_NAMES, type Key } from './keys.ts'
import { addDay, findAge, findDate, isDay, isTimeField } from './moment.ts'
import { hasWildcard, splitPattern } from './pattern.ts'
import { completeRef } from './refs.ts'
import { getPattern, getText, isBare, type Value } from './text.ts'
import {
  allOf,
  anyOf,
  type CompareOp,
  type CompareValue,
  type EntityState,
  type FieldNode,
  type QueryNode,
  type QuerySort,
} from './tree.ts'

/** The key of a term as it is written. A key in quotes is always a path. */
export type Head = Span & { text: string; quoted: boolean }

export type CompareSign = '<' | '<=' | '>' | '>='

const OPS: Record<CompareSign, CompareOp> = { '<': 'lt', '<=': 'lte', '>': 'gt', '>=': 'gte' }
/** Being younger than an age is being later than a moment. */
const OPPOSITES: Record<CompareOp, CompareOp> = { lt: 'gt', lte: 'gte', gt: 'lt', gte: 'lte' }
const STATES: EntityState[] = ['orphan', 'broken', 'starred']

export function getKey(head: Head, term: string): Key {
  const key = head.quoted ? getPathKey(head.text) : findKey(head.text)
  if (key) return key
  throw new QueryError('QUERY_KEY_UNKNOWN', head, { key: head.text }, { hint: adviseOnKey(head.text, term) })
}

/** `key:a,b*` */
export function buildField(key: Key, head: Head, values: Value[]): QueryNode {
  const { field } = key
  const isAny = values.some(value => getPattern(value) === '*')
  if (isAny && !key.narrow) return { type: 'field', field, op: 'exists' }
  if (isTimeField(field) && !head.quoted) return anyOf(values.map(value => buildDay(field, value)))
  const patterns = [...new Set(values.map(value => buildPattern(key, value)))]
  if (patterns.some(hasWildcard)) return { type: 'field', field, op: 'match', patterns }
  return { type: 'field', field, op: 'in', values: patterns.map(pattern => splitPattern(pattern).join('')) }
}

function buildPattern(key: Key, value: Value): string {
  const pattern = getPattern(value)
  if (!key.isRelation || isBare(value, ACTOR)) return pattern
  if (key.narrow && pattern === '*') return `${key.kind}:*`
  try {
    return completeRef(pattern, key.kind)
  } catch (cause) {
    const hint = 'Write [kind:][namespace/]name, such as team-a or group:default/team-a.'
    throw new QueryError('QUERY_VALUE_INVALID', value, { value: getText(value), expected: 'a ref' }, { hint, cause })
  }
}

function buildDay(field: string, value: Value): QueryNode {
  const day = getText(value)
  if (!isDay(day)) {
    const hint = `Write a day such as ${field}:2026-06-01, or compare: ${field}<7d, ${field}>=2026-06-01.`
    throw new QueryError('QUERY_VALUE_INVALID', value, { value: day, expected: 'a day' }, { hint })
  }
  return allOf([
    { type: 'field', field, op: 'gte', value: { type: 'date', date: day } },
    { type: 'field', field, op: 'lt', value: { type: 'date', date: addDay(day) } },
  ])
}

/** `key>=3`, `key<2026-06-01`, `changed<7d` */
export function buildComparison(key: Key, head: Head, sign: CompareSign, value: Value): FieldNode {
  const { field } = key
  if (key.isRelation) throw new QueryError('QUERY_NOT_COMPARABLE', head, { key: head.text })
  const text = getText(value)
  const op = OPS[sign]
  const compare = (by: CompareOp, to: CompareValue): FieldNode => ({ type: 'field', field, op: by, value: to })
  const age = isTimeField(field) ? findAge(text) : undefined
  if (age) return compare(OPPOSITES[op], { type: 'ago', ...age })
  const date = findDate(text)
  // A day is a stretch of time: behind it, or up to it, means from, or before, the day that follows.
  if (date && isDay(date) && op === 'gt') return compare('gte', { type: 'date', date: addDay(date) })
  if (date && isDay(date) && op === 'lte') return compare('lt', { type: 'date', date: addDay(date) })
  if (date) return compare(op, { type: 'date', date })
  // why: adding zero makes a negative zero an ordinary one.
  const number = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) + 0 : Number.NaN
  if (!isTimeField(field) && Number.isFinite(number)) return compare(op, { type: 'number', number })
  const expected = isTimeField(field) ? 'a date or an age' : 'a number or a date'
  const hint = isTimeField(field)
    ? `Write a date such as 2026-06-01, or an age such as 12h, 7d, 2w, 3m or 1y.`
    : `Write a number such as 3, or a date such as 2026-06-01; ages such as 7d are for created and changed.`
  throw new QueryError('QUERY_VALUE_INVALID', value, { value: text, expected }, { hint })
}

/** `dependsOn>(…)`, `partOf+>(…)` */
export function buildHop(key: Key, head: Head, transitive: boolean, to: QueryNode): QueryNode {
  if (!key.field.startsWith('relations.')) {
    const hint = `Relations are ${KEY_NAMES.filter(name => findKey(name)?.isRelation).join(', ')}, and relations.… for any other.`
    throw new QueryError('QUERY_NOT_RELATION', head, { key: head.text }, { hint })
  }
  const relation = key.field.slice('relations.'.length)
  const ofKind: QueryNode[] = key.narrow && key.kind ? [{ type: 'field', field: 'kind', op: 'in', values: [key.kind] }] : []
  return { type: 'hop', relation, transitive, to: allOf([...ofKind, to]) }
}

/** `is:orphan` */
export function buildStates(values: Value[]): QueryNode {
  return anyOf(
    values.map(value => {
      const state = STATES.find(known => isBare(value, known))
      if (state) return { type: 'is', state }
      throw new QueryError('QUERY_STATE_UNKNOWN', value, { state: getText(value), states: STATES.join(', ') })
    }),
  )
}

/** `sort:name,-changed` */
export function buildSort(value: Value): QuerySort {
  const [first, ...rest] = value.pieces
  const descending = first?.quoted === false && first.text.startsWith('-')
  const pieces = descending && first ? [{ ...first, text: first.text.slice(1) }, ...rest] : value.pieces
  const named = pieces.filter(({ text }) => text)
  const text = getText({ ...value, pieces })
  const start = value.start + (descending ? 1 : 0)
  if (!text)
    throw new QueryError(
      'QUERY_VALUE_INVALID',
      value,
      { value: getText(value), expected: 'a field' },
      { hint: 'Write sort:name or sort:-changed.' },
    )
  const head = { text, quoted: named.some(({ quoted }) => quoted), start, end: value.end }
  return { field: getKey(head, text).field, descending }
}
