import { QueryError, type Span } from './errors.ts'
import { findDate } from './moment.ts'
import { buildComparison, buildField, buildHop, buildSort, buildStates, getKey, type CompareSign, type Head } from './terms.ts'
import { read, readQuoted, readValue, type Cursor, type Value } from './text.ts'
import { findKey } from './keys.ts'
import { allOf, anyOf, negate, type Query, type QueryNode } from './tree.ts'

export { bindActor } from './actor.ts'
export { formatQueryError, QUERY_ERRORS, QueryError, type QueryErrorCode } from './errors.ts'
export { parseFilters } from './filters.ts'
export { formatNode, formatQuery, formatValue } from './format.ts'
export { findDate, getMoment } from './moment.ts'
export { escapePattern, splitPattern } from './pattern.ts'
export { parsePredicate } from './predicates.ts'
export { findKey, formatKey, KEY_NAMES } from './keys.ts'
export { findSpot, type Spot } from './spot.ts'
export * from './tree.ts'

const MAX_DEPTH = 50

type Parse = Cursor & Omit<Query, 'where'> & { depth: number }

/**
 * Reads a query. The text is described in docs/reference/query-language.md.
 *
 * @throws QueryError that points at the fault
 * @example
 * parseQuery('kind:api -owner:team-a sort:name')
 */
export function parseQuery(text: string): Query {
  const parse: Parse = { text, position: 0, depth: 0, sort: [] }
  const where = parseAlternatives(parse)
  if (parse.position < text.length) throw new QueryError('QUERY_PARENTHESIS_NOT_OPENED', nextCharacter(parse))
  return { where, sort: parse.sort, ...(parse.at === undefined ? {} : { at: parse.at }) }
}

/** Terms between "or", up to the end or to a parenthesis that closes. */
function parseAlternatives(parse: Parse): QueryNode {
  const groups: QueryNode[] = []
  let before: Span | undefined
  for (;;) {
    const terms = parseTerms(parse)
    const start = parse.position
    const or = read(parse, /or(?=[\s()]|$)/iy) ? { start, end: parse.position } : undefined
    if (!terms.length && (before || or)) throw new QueryError('QUERY_OR_ALONE', before ?? or ?? nextCharacter(parse))
    groups.push(allOf(terms))
    if (!or) return anyOf(groups)
    before = or
  }
}

function parseTerms(parse: Parse): QueryNode[] {
  const terms: QueryNode[] = []
  for (;;) {
    read(parse, /\s+/y)
    if (parse.position === parse.text.length || parse.text[parse.position] === ')' || isOr(parse)) return terms
    const term = parseTerm(parse)
    if (term) terms.push(term)
    if (!/^[\s)]?$/.test(parse.text.slice(parse.position, parse.position + 1))) throw unexpected(parse)
  }
}

function isOr({ text, position }: Cursor): boolean {
  return /^or(?:[\s()]|$)/i.test(text.slice(position, position + 3))
}

/** One term; what is about the whole query is kept in `parse` and gives nothing. */
function parseTerm(parse: Parse): QueryNode | undefined {
  const start = parse.position
  const minus = read(parse, /-+/y) ?? ''
  if (minus && (isOr(parse) || !/^[^\s)]/.test(parse.text.slice(parse.position)))) {
    throw new QueryError('QUERY_NOT_ALONE', { start, end: parse.position })
  }
  const node = parse.text[parse.position] === '(' ? parseGroup(parse) : parseSimple(parse)
  if (node) return minus.length % 2 ? negate(node) : node
  if (minus || parse.depth) {
    const span = { start, end: parse.position }
    throw new QueryError('QUERY_NOT_A_CONDITION', span, { term: parse.text.slice(start, parse.position) })
  }
  return undefined
}

function parseGroup(parse: Parse): QueryNode {
  const open = nextCharacter(parse)
  if (parse.depth === MAX_DEPTH) throw new QueryError('QUERY_TOO_DEEP', open, { limit: MAX_DEPTH })
  parse.position += 1
  parse.depth += 1
  const node = parseAlternatives(parse)
  if (!read(parse, /\)/y)) throw new QueryError('QUERY_PARENTHESIS_NOT_CLOSED', open)
  parse.depth -= 1
  return node
}

function parseSimple(parse: Parse): QueryNode | undefined {
  if (parse.text[parse.position] === '@') return parseAt(parse)
  const start = parse.position
  const quoted = readQuoted(parse)
  // The "+" of `partOf+>(` belongs to the operator.
  const text = quoted ?? read(parse, /(?:(?!\+>\()[^\s"():<>])*/y) ?? ''
  const head: Head = { text, quoted: quoted !== undefined, start, end: parse.position }
  const operator = read(parse, /\+?>(?=\()|:|[<>]=?/y)
  if (!text) {
    if (head.quoted) throw new QueryError('QUERY_QUOTE_EMPTY', head)
    if (operator) throw new QueryError('QUERY_KEY_MISSING', { start, end: parse.position }, { operator })
    throw unexpected(parse)
  }
  return operator ? parseField(parse, head, operator) : parseWord(head)
}

function parseWord(head: Head): QueryNode {
  if (!head.quoted) {
    const key = head.text.slice(0, Math.max(0, head.text.indexOf('=')))
    if (findKey(key)) throw new QueryError('QUERY_WORD_EQUALS', head, { key })
    if (head.text.includes('*')) throw new QueryError('QUERY_WORD_WILDCARD', head)
  }
  return { type: 'words', text: head.text.toLowerCase() }
}

function parseField(parse: Parse, head: Head, operator: string): QueryNode | undefined {
  const reserved = head.quoted ? '' : head.text.toLowerCase()
  if (reserved === 'is' || reserved === 'sort') {
    if (operator !== ':') throw new QueryError('QUERY_NOT_COMPARABLE', head, { key: head.text })
    const values = parseValues(parse, head.start)
    if (reserved === 'is') return buildStates(values)
    parse.sort.push(...values.map(buildSort))
    return undefined
  }
  const rest = /^[^\s"()]*/.exec(parse.text.slice(head.start))?.[0] ?? head.text
  const key = getKey(head, rest)
  if (operator === ':') return buildField(key, head, parseValues(parse, head.start))
  if (operator === '+>' || parse.text[parse.position] === '(') {
    return buildHop(key, head, operator === '+>', parseGroup(parse))
  }
  const value = readValue(parse)
  if (!value.pieces.length) throw missingValue('QUERY_BOUND_MISSING', parse, head.start)
  // why: the expression of parseSimple leaves only these four.
  return buildComparison(key, head, operator as CompareSign, value)
}

/** Values between commas, at least one. */
function parseValues(parse: Parse, start: number): Value[] {
  const values: Value[] = []
  do {
    const value = readValue(parse)
    if (!value.pieces.length) throw missingValue('QUERY_VALUE_MISSING', parse, start)
    values.push(value)
  } while (read(parse, /,/y))
  return values
}

function missingValue(code: 'QUERY_VALUE_MISSING' | 'QUERY_BOUND_MISSING', parse: Parse, start: number): QueryError {
  const span = { start, end: parse.position }
  return new QueryError(code, span, { key: parse.text.slice(start, parse.position) })
}

/** `@2026-06-01` */
function parseAt(parse: Parse): undefined {
  const start = parse.position
  const text = (read(parse, /@[^\s"()]*/y) ?? '').slice(1)
  const span = { start, end: parse.position }
  const date = findDate(text)
  if (!date) {
    const isActor = text.toLowerCase() === 'me'
    const hint = isActor
      ? 'Write owner:@me or memberOf:@me.'
      : 'Write a date such as @2026-06-01, or quotes around a word that begins with "@".'
    throw new QueryError('QUERY_VALUE_INVALID', span, { value: `@${text}`, expected: 'a date' }, { hint })
  }
  if (parse.at !== undefined) throw new QueryError('QUERY_TWO_DATES', span)
  parse.at = date
}

function nextCharacter({ position }: Cursor): Span {
  return { start: position, end: position + 1 }
}

function unexpected(parse: Parse): QueryError {
  return new QueryError('QUERY_CHARACTER', nextCharacter(parse), { character: parse.text.charAt(parse.position) })
}
