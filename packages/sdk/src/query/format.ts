import { ACTOR } from './actor.ts'
import { findKey, formatKey, formatPath, listRelationKeys, type RelationKey } from './keys.ts'
import { isDay, isTimeField } from './moment.ts'
import { escapePattern, splitPattern } from './pattern.ts'
import { findShortRef } from './refs.ts'
import { quote } from './text.ts'
import { normalize, type CompareNode, type CompareOp, type FieldNode, type Query, type QueryNode } from './tree.ts'

const SIGNS: Record<CompareOp, string> = { lt: '<', lte: '<=', gt: '>', gte: '>=' }
const OPPOSITE_SIGNS: Record<CompareOp, string> = { lt: '>', lte: '>=', gt: '<', gte: '<=' }

/** What a node stands in decides whether it needs parentheses. */
type Place = 'top' | 'all' | 'any' | 'not'

/** The canonical text of a query: `parseQuery` makes an equal tree of it. */
export function formatQuery({ where, sort, at }: Query): string {
  const order = sort.map(({ field, descending }) => (descending ? '-' : '') + formatKey(field)).join(',')
  return [formatInside(normalize(where)), order && `sort:${order}`, at && `@${at}`].filter(Boolean).join(' ')
}

/** The canonical text of a tree. */
export function formatNode(node: QueryNode): string {
  return format(normalize(node), 'top')
}

function format(node: QueryNode, place: Place): string {
  switch (node.type) {
    case 'all':
      return formatList(node.of, 'all', place)
    case 'any':
      return formatList(node.of, 'any', place)
    case 'not':
      return `-${format(node.of, 'not')}`
    case 'words':
      return isPlainWord(node.text) ? node.text : quote(node.text)
    case 'is':
      return `is:${node.state}`
    case 'hop':
      return `${formatKey(`relations.${node.relation}`)}${node.transitive ? '+' : ''}>(${formatInside(node.to)})`
    case 'field':
      return formatField(node)
  }
}

function formatList(of: QueryNode[], type: 'all' | 'any', place: Place): string {
  if (!of.length) return type === 'all' ? '()' : '-()'
  const text = of.map(child => format(child, type)).join(type === 'all' ? ' ' : ' or ')
  const needsParentheses = place === 'not' || (place === 'all' && type === 'any')
  return needsParentheses ? `(${text})` : text
}

/** Everything is said with nothing where something else delimits it. */
function formatInside(node: QueryNode): string {
  return node.type === 'all' && !node.of.length ? '' : format(node, 'top')
}

function isPlainWord(text: string): boolean {
  return /^[\p{L}\p{N}_][^\s"():<>=,*\\]*$/u.test(text) && text !== 'or'
}

function formatField(node: FieldNode): string {
  if (node.op === 'exists') return `${formatKey(node.field)}:*`
  if (node.op !== 'in' && node.op !== 'match') return formatComparison(node)
  const patterns = node.op === 'match' ? node.patterns : node.values.map(escapePattern)
  if (!patterns.length) return '-()'
  for (const key of listRelationKeys(node.field)) {
    const refs = patterns.map(pattern => formatRef(pattern, key))
    if (refs.every(ref => ref !== undefined)) return `${key.name}:${refs.join(',')}`
  }
  // why: the short keys of relations complete refs, and those of times read days; a path takes its values as they are.
  const isPath = isTimeField(node.field) || node.field.startsWith('relations.')
  return `${isPath ? formatPath(node.field) : formatKey(node.field)}:${patterns.map(formatPattern).join(',')}`
}

function formatRef(pattern: string, key: RelationKey): string | undefined {
  if (key.narrow && pattern === `${key.kind}:*`) return '*'
  if (key.narrow && !pattern.startsWith(`${key.kind}:`)) return undefined
  if (pattern === ACTOR) return ACTOR
  const ref = findShortRef(pattern, key.kind)
  return ref === undefined ? undefined : formatPattern(ref)
}

/** A value as it is written behind a key: a ref as short as the key allows, in quotes where it needs them. */
export function formatValue(value: string, keyName: string): string {
  const key = findKey(keyName)
  if (value === ACTOR && key?.isRelation) return ACTOR
  const short = key?.isRelation ? (findShortRef(value, key.kind) ?? value) : value
  return formatPattern(escapePattern(short))
}

function formatPattern(pattern: string): string {
  const pieces = splitPattern(pattern)
  if (pieces.length === 1 && pieces[0] === '') return quote('')
  return pieces.map(piece => (/^[^\s"(),*\\]*$/.test(piece) ? piece : quote(piece))).join('*')
}

function formatComparison({ field, op, value }: CompareNode): string {
  const key = field.startsWith('relations.') ? formatPath(field) : formatKey(field)
  if (value.type === 'number') return `${key}${SIGNS[op]}${value.number}`
  if (value.type === 'ago') return `${key}${OPPOSITE_SIGNS[op]}${value.count}${value.unit}`
  // why: `<=2026-01-01` would take in the whole day; the tree means its first moment.
  const isMoment = isDay(value.date) && (op === 'lte' || op === 'gt')
  return `${key}${SIGNS[op]}${value.date}${isMoment ? 'T00:00:00Z' : ''}`
}
