import { ANNOTATION } from '@callboard/sdk'
import { getMoment, splitPattern, type CompareNode, type FieldNode, type HopNode, type QueryNode } from '@callboard/sdk/query'
import { termOf } from '../ingest/searchRows.ts'
import { addBits, countBits, createBits, dropBits, hasBit, keepBits, listBits, setBit, type Bits } from './bits.ts'
import type { Column, Dictionary } from './columns.ts'
import { isByOther, otherEnd, withoutEmitter } from './graph.ts'
import type { IndexData } from './indexData.ts'

export type Evaluation = {
  data: IndexData
  now: Date
  /** What the actor may see; absent while that is everything. */
  visible: Bits | undefined
  /** Fields whose values would be needed and are not loaded. */
  missing: Set<string>
}

/** The entities that a tree finds, `@me` replaced; undefined for what only the database can tell. */
export function evaluate(node: QueryNode, evaluation: Evaluation): Bits | undefined {
  return find(node, evaluation, undefined)
}

/** Below this share of all entities each candidate is looked at, instead of going through all words at once. */
const FEW_SHARE = 0.1

/** `within`: nobody wants to know of others than these. */
function find(node: QueryNode, evaluation: Evaluation, within: Bits | undefined): Bits | undefined {
  const { data } = evaluation
  switch (node.type) {
    case 'all':
      return findAll(node.of, evaluation, within)
    case 'any': {
      const found = createBits(data.capacity)
      for (const each of node.of) {
        const part = find(each, evaluation, within)
        if (!part) return undefined
        addBits(found, part)
      }
      return found
    }
    case 'not': {
      const found = find(node.of, evaluation, within)
      return found && dropBits(data.live.slice(), found)
    }
    case 'words':
      return findWords(node.text, data, within)
    case 'is':
      return findState(node.state, data)
    case 'hop':
      return findHop(node, evaluation)
    case 'field':
      return findField(node, evaluation)
  }
}

function findAll(nodes: QueryNode[], evaluation: Evaluation, within: Bits | undefined): Bits | undefined {
  const { live } = evaluation.data
  let found: Bits | undefined
  // What is found by gathering lists comes first; what must look at each entity then looks at fewer.
  const order = [...nodes.filter(each => !isCostly(each)), ...nodes.filter(isCostly)]
  for (const each of order) {
    const part = find(each, evaluation, found ?? within)
    if (!part) return undefined
    found = found ? keepBits(found, part) : part
  }
  return found ?? live.slice()
}

function isCostly(node: QueryNode): boolean {
  if (node.type === 'words') return true
  if (node.type === 'not') return isCostly(node.of)
  return (node.type === 'all' || node.type === 'any') && node.of.some(isCostly)
}

function findWords(text: string, { words, capacity, live }: IndexData, within: Bits | undefined): Bits {
  const found = createBits(capacity)
  const needle = Buffer.from(text)
  if (within && countBits(within) <= countBits(live) * FEW_SHARE) {
    for (const node of listBits(within)) if (words.includes(node, needle)) setBit(found, node)
  } else {
    words.search(needle, node => setBit(found, node))
  }
  return found
}

function findState(state: 'orphan' | 'broken' | 'starred', data: IndexData): Bits {
  if (state === 'broken') return data.broken.slice()
  const found = createBits(data.capacity)
  if (state === 'orphan') data.postings.addTo(found, termOf(`metadata.annotations.${ANNOTATION.orphan}`, 'true'))
  return found
}

function findField(node: FieldNode, evaluation: Evaluation): Bits | undefined {
  const { field } = node
  if (field === 'metadata.uid') return undefined
  if (field.startsWith('relations.')) return findRelated(node, field.slice('relations.'.length), evaluation)
  const { data } = evaluation
  const isEverywhere = field === 'kind' || field === 'metadata.name' || field === 'metadata.namespace'
  if (node.op === 'exists') return isEverywhere ? data.live.slice() : gather(data, [termOf(field)])
  if (node.op === 'in') {
    return gather(
      data,
      node.values.map(value => termOf(field, value)),
    )
  }
  if (node.op === 'match') return findMatching(field, node.patterns.map(splitPattern), evaluation)
  return findCompared(node, evaluation)
}

function gather({ postings, capacity }: IndexData, terms: number[]): Bits {
  const found = createBits(capacity)
  for (const term of terms) postings.addTo(found, term)
  return found
}

function findMatching(field: string, patterns: string[][], evaluation: Evaluation): Bits | undefined {
  const { data } = evaluation
  const isMatch = (text: string) => patterns.some(pieces => matches(pieces, text))
  if (field === 'kind') return findByDictionary(data.kind, isMatch, data)
  if (field === 'metadata.namespace') return findByDictionary(data.namespace, isMatch, data)
  if (field === 'metadata.name') return findByText(data, node => isMatch(nameOf(data, node)))
  return findByColumn(field, evaluation, column => column.lower.map(isMatch))
}

/** The name of an entity is what its ref ends in. */
export function nameOf(data: IndexData, node: number): string {
  const ref = data.refOf(node)
  return ref.slice(ref.indexOf('/') + 1)
}

function matches(pieces: string[], text: string): boolean {
  const [first = '', ...rest] = pieces
  const last = rest.pop()
  if (last === undefined) return text === first
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const piece of rest) {
    const found = text.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at <= text.length - last.length
}

function findByText({ live, capacity }: IndexData, isFound: (node: number) => boolean): Bits {
  const found = createBits(capacity)
  for (const node of listBits(live)) if (isFound(node)) setBit(found, node)
  return found
}

function findByDictionary({ lower, codes }: Dictionary, isMatch: (text: string) => boolean, data: IndexData): Bits {
  const hits = lower.map(isMatch)
  return findByText(data, node => hits[codes[node] ?? 0] ?? false)
}

function findByColumn(field: string, evaluation: Evaluation, judge: (column: Column) => boolean[]): Bits | undefined {
  const { data } = evaluation
  const having = gather(data, [termOf(field)])
  if (countBits(having) === 0) return having
  const column = data.columns.get(field)
  if (!column) return void evaluation.missing.add(field)
  const hits = judge(column)
  for (const node of listBits(having)) {
    if (!column.numbersOf(node).some(number => hits[number])) having[node >>> 5] = (having[node >>> 5] ?? 0) & ~(1 << (node & 31))
  }
  return having
}

const COMPARE = {
  lt: <T>(a: T, b: T) => a < b,
  lte: <T>(a: T, b: T) => a <= b,
  gt: <T>(a: T, b: T) => a > b,
  gte: <T>(a: T, b: T) => a >= b,
}

const NUMBER = /^-?[0-9]+([.][0-9]+)?$/
/** Longer ones are not exact as floating point. */
const LONGEST_NUMBER = 15

function findCompared({ field, op, value }: CompareNode, evaluation: Evaluation): Bits | undefined {
  const { data, now } = evaluation
  const compare = COMPARE[op]
  if (value.type === 'number') {
    const column = data.columns.get(field)
    if (column?.values.some(text => text.length > LONGEST_NUMBER && NUMBER.test(text))) return undefined
    return findByColumn(field, evaluation, ({ values }) =>
      values.map(text => NUMBER.test(text) && compare(Number(text), value.number)),
    )
  }
  if (field === 'created') return undefined
  const moment = getMoment(value, now)
  if (field === 'changed') return findByText(data, node => compare(data.changed[node] ?? 0, moment.getTime() * 1000))
  const text = moment.toISOString().replace('T00:00:00.000Z', '')
  return findByColumn(field, evaluation, ({ values }) =>
    values.map(each => /^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(each) && compare(each, text)),
  )
}

/** Whether an edge may be told: as much as the entity whose document names it. */
function isTold(code: number, node: number, other: number, visible: Bits | undefined): boolean {
  return !visible || hasBit(visible, isByOther(code) ? other : node)
}

/** Calls `found` with what is at the other end of each edge of a relation that may be told. */
export function eachEdge(
  { data, visible }: Pick<Evaluation, 'data' | 'visible'>,
  node: number,
  relations: readonly number[],
  found: (other: number) => void,
): void {
  const { codes, others, start, end } = data.graph.edgesOf(node)
  for (let index = start; index < end; index++) {
    const code = codes[index] ?? 0
    const other = others[index] ?? 0
    if (relations.includes(withoutEmitter(code)) && isTold(code, node, other, visible)) found(other)
  }
}

function findRelated(node: FieldNode, name: string, evaluation: Evaluation): Bits | undefined {
  const { data } = evaluation
  const found = createBits(data.capacity)
  const relations = data.graph.codesOf(name)
  if (relations.length === 0 || (node.op !== 'in' && node.op !== 'match' && node.op !== 'exists')) return found
  if (node.op === 'in') {
    for (const value of node.values) {
      const target = data.findNode(value)
      if (target !== undefined) eachEdge(evaluation, target, relations.map(otherEnd), other => setBit(found, other))
    }
    return keepBits(found, data.live)
  }
  const patterns = node.op === 'match' ? node.patterns.map(splitPattern) : undefined
  for (const entity of listBits(data.live)) {
    eachEdge(evaluation, entity, relations, other => {
      if (!patterns || patterns.some(pieces => matches(pieces, data.refOf(other)))) setBit(found, entity)
    })
  }
  return found
}

function findHop({ relation, transitive, to }: HopNode, evaluation: Evaluation): Bits | undefined {
  const { data, visible } = evaluation
  const targets = find(to, evaluation, undefined)
  if (!targets) return undefined
  if (visible) keepBits(targets, visible)
  const found = createBits(data.capacity)
  const back = data.graph.codesOf(relation).map(otherEnd)
  if (back.length === 0) return found
  let line: ArrayLike<number> = listBits(targets)
  while (line.length > 0) {
    const next: number[] = []
    for (let index = 0; index < line.length; index++) {
      eachEdge(evaluation, line[index] ?? 0, back, other => {
        if (hasBit(found, other)) return
        setBit(found, other)
        next.push(other)
      })
    }
    line = transitive ? next : []
  }
  return keepBits(found, data.live)
}
