import { termOf } from '../ingest/searchRows.ts'
import type { QueryNode } from '@callboard/sdk/query'
import type { Facet } from '../query/selectFacets.ts'
import type { SortKey } from '../query/selectItems.ts'
import { clearBit, countBits, countCommon, createBits, hasBit, keepBits, listBits, type Bits } from './bits.ts'
import { eachEdge, evaluate, type Evaluation } from './evaluate.ts'
import { isByOther } from './graph.ts'
import type { IndexData } from './indexData.ts'
import { findSorting, findSpot, type Orders } from './orders.ts'
import type { SortField } from './sortKeys.ts'

/** What is asked of the index: trees without `@me`, as the actor may see. */
export type IndexQuestion = {
  where: QueryNode
  /** What the actor may see; absent while that is everything. */
  policy: QueryNode | undefined
  now: Date
}

export type IndexPage = IndexQuestion & {
  sort: SortKey[]
  after?: (string | null)[] | undefined
  backwards?: boolean | undefined
  missing: 'exclude' | 'last'
  limit?: number | undefined
  offset?: number | undefined
  bare?: boolean | undefined
}

/** An entity with the JSON of its relations and of its problems; both are left out when they are not wanted. */
export type IndexedEntity = { ref: string; version: number; relations: string; problems: string | null }

export type IndexItem = IndexedEntity & { keys: (string | null)[]; total: number }

type Found = { bits: Bits; evaluation: Evaluation }

/** What a question finds, of what may be seen. */
function findAll({ where, policy, now }: IndexQuestion, data: IndexData, missing: Set<string>): Found | undefined {
  // why: inside the policy itself relations are taken as they are, or it would need itself.
  const visible = policy && evaluate(policy, { data, now, visible: undefined, missing })
  if (policy && !visible) return undefined
  const evaluation = { data, now, visible, missing }
  const bits = evaluate(where, evaluation)
  if (!bits) return undefined
  return { bits: visible ? keepBits(bits, visible) : bits, evaluation }
}

export function countFound(question: IndexPage, data: IndexData, missing: Set<string>): number | undefined {
  const found = findAll(question, data, missing)
  const sorting = found && findSorting(question.sort, data, missing)
  if (!sorting) return undefined
  if (question.missing === 'exclude') dropMissing(found.bits, sorting.fields[0])
  return countBits(found.bits)
}

function dropMissing(bits: Bits, field: SortField | undefined): void {
  if (!field || field.isAlways) return
  for (const node of listBits(bits)) if (field.valueOf(node) === null) clearBit(bits, node)
}

/** A page, as the database would give it; undefined when only the database can tell. */
export function findPage(page: IndexPage, data: IndexData, orders: Orders, missing: Set<string>): IndexItem[] | undefined {
  const { sort, after, backwards = false, limit = Number.POSITIVE_INFINITY, offset = 0 } = page
  const found = findAll(page, data, missing)
  const sorting = found && findSorting(sort, data, missing)
  if (!sorting) return undefined
  const { bits, evaluation } = found
  if (page.missing === 'exclude') dropMissing(bits, sorting.fields[0])
  const total = countBits(bits)
  const { nodes, isExact } = orders.list(bits, total, sort, sorting)
  const spot = after ? findSpot(nodes, sorting.behind(after)) : backwards ? nodes.length : 0
  const items: IndexItem[] = []
  let skipped = 0
  const take = (node: number | undefined) => {
    if (node === undefined || (!isExact && !hasBit(bits, node))) return
    if (skipped++ < offset) return
    const keys = sorting.fields.map(({ valueOf, print }) => print(valueOf(node)))
    items.push({ ...toItem(node, evaluation, page.bare ?? false), keys, total })
  }
  if (backwards) {
    for (let index = spot - 1; index >= 0 && items.length < limit; index--) take(nodes[index])
  } else {
    // The row that the page comes behind is still there, or is not: it is never part of the page.
    const first = after && nodes[spot] !== undefined && sorting.behind(after)(nodes[spot]) === 0 ? spot + 1 : spot
    for (let index = first; index < nodes.length && items.length < limit; index++) take(nodes[index])
  }
  return items
}

/** Entities by ref, of what may be seen and the question finds; in no order. */
export function findRefs(
  refs: string[],
  question: IndexQuestion,
  bare: boolean,
  data: IndexData,
  missing: Set<string>,
): IndexedEntity[] | undefined {
  const { where, policy } = question
  const isEverything = where.type === 'all' && where.of.length === 0 && !policy
  const found = isEverything ? undefined : findAll(question, data, missing)
  if (!found && !isEverything) return undefined
  const evaluation = found?.evaluation ?? { data, now: question.now, visible: undefined, missing }
  const items: IndexedEntity[] = []
  for (const ref of new Set(refs)) {
    const node = data.findEntity(ref)
    if (node !== undefined && (!found || hasBit(found.bits, node))) items.push(toItem(node, evaluation, bare))
  }
  return items
}

function toItem(node: number, { data, visible }: Evaluation, bare: boolean): IndexedEntity {
  const item = { ref: data.refOf(node), version: data.versions[node] ?? 0 }
  if (bare) return { ...item, relations: '', problems: null }
  return {
    ...item,
    relations: visible ? printRelations(node, data, visible) : findRelations(node, data),
    problems: data.problemsOf(node),
  }
}

function findRelations(node: number, data: IndexData): string {
  const known = data.printed.get(node)
  if (known !== undefined) return known
  const text = printRelations(node, data, undefined)
  if (data.printed.size === MOST_PRINTED) data.printed.clear()
  data.printed.set(node, text)
  return text
}

/** Relations that are kept as text: those of entities that are asked for again and again. */
const MOST_PRINTED = 10_000

/** JSON of the relations of an entity, each once, sorted by type and target. */
function printRelations(node: number, data: IndexData, visible: Bits | undefined): string {
  const { codes, others, start, end } = data.graph.edgesOf(node)
  const lines: string[] = []
  for (let index = start; index < end; index++) {
    const [code = 0, other = 0] = [codes[index], others[index]]
    if (visible && !hasBit(visible, isByOther(code) ? other : node)) continue
    lines.push(`${data.graph.nameOf(code)}\t${data.refOf(other)}`)
  }
  lines.sort()
  let text = ''
  for (const [index, line] of lines.entries()) {
    if (line === lines[index - 1]) continue
    const tab = line.indexOf('\t')
    const ref = line.slice(tab + 1)
    // oxlint-disable-next-line no-control-regex -- why: these are what JSON escapes
    const quoted = /["\\\u0000-\u001f\ud800-\udfff]/.test(ref) ? JSON.stringify(ref) : `"${ref}"`
    text += `${text && ','}{"type":"${line.slice(0, tab)}","targetRef":${quoted}}`
  }
  return `[${text}]`
}

/** Counts by the values of fields; undefined when only the database can tell. */
export function countFacets(
  facets: string[],
  question: IndexQuestion,
  data: IndexData,
  missing: Set<string>,
): Record<string, Facet[]> | undefined {
  const found = findAll(question, data, missing)
  if (!found) return undefined
  let listed: Uint32Array | undefined
  const nodes = () => (listed ??= listBits(found.bits))
  const result: Record<string, Facet[]> = {}
  let isComplete = true
  for (const facet of facets) {
    const counts = countFacet(facet.toLowerCase(), found.bits, nodes, found.evaluation)
    if (counts) result[facet] = counts.sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0))
    else isComplete = false
  }
  return isComplete ? result : undefined
}

/** Up to so many different values each is counted as a set; of more, each entity is. */
const FEW_VALUES = 64

function countFacet(field: string, bits: Bits, nodes: () => Uint32Array, evaluation: Evaluation): Facet[] | undefined {
  const { data, missing } = evaluation
  const dictionary = {
    kind: data.kind,
    'spec.type': data.type,
    'spec.lifecycle': data.lifecycle,
    'metadata.namespace': data.namespace,
  }[field]
  if (dictionary) {
    const counts = new Uint32Array(dictionary.values.length)
    if (counts.length <= FEW_VALUES) {
      for (let code = 1; code < counts.length; code++) counts[code] = countCommon(bits, dictionary.setOf(code))
    } else {
      for (const node of nodes()) {
        const code = dictionary.codes[node] ?? 0
        counts[code] = (counts[code] ?? 0) + 1
      }
    }
    counts[0] = 0
    return listCounts(counts, dictionary.values)
  }
  if (field.startsWith('relations.')) return countRelated(field.slice('relations.'.length), nodes(), evaluation)
  const having = createBits(data.capacity)
  data.postings.addTo(having, termOf(field))
  if (countBits(having) === 0) return []
  const column = data.columns.get(field)
  if (!column) return void missing.add(field)
  const counts = new Uint32Array(column.values.length)
  for (const node of nodes()) for (const number of column.numbersOf(node)) counts[number] = (counts[number] ?? 0) + 1
  return listCounts(counts, column.values)
}

function listCounts(counts: Uint32Array, values: string[]): Facet[] {
  const facets: Facet[] = []
  for (const [index, count] of counts.entries()) if (count > 0) facets.push({ value: values[index] ?? '', count })
  return facets
}

function countRelated(name: string, nodes: Uint32Array, evaluation: Evaluation): Facet[] {
  const { data } = evaluation
  const relations = data.graph.codesOf(name)
  if (relations.length === 0) return []
  const counts = new Uint32Array(data.capacity)
  /** The entity that was counted last for each target, from 1: an edge that both ends name counts once. */
  const last = new Uint32Array(data.capacity)
  for (const node of nodes) {
    eachEdge(evaluation, node, relations, other => {
      if (last[other] === node + 1) return
      last[other] = node + 1
      counts[other] = (counts[other] ?? 0) + 1
    })
  }
  const facets: Facet[] = []
  for (const [node, count] of counts.entries()) if (count > 0) facets.push({ value: data.refOf(node), count })
  return facets
}
