import type { SortKey } from '../query/selectItems.ts'
import { hasBit, listBits, type Bits } from './bits.ts'
import type { IndexData } from './indexData.ts'
import { compareValues, findSortField, type SortField, type SortValue } from './sortKeys.ts'

/** How entities are sorted: by these fields, then by ref. */
export type Sorting = {
  fields: SortField[]
  compare: Compare
  /** Compares by values that are read in another way. */
  compareBy(values: ((node: number) => SortValue)[]): Compare
  /** Whether a node comes before (less than 0) or behind what a cursor names. */
  behind(after: (string | null)[]): (node: number) => number
}

type Compare = (a: number, b: number) => number

/** A way of sorting; undefined when only the database knows it. */
export function findSorting(sort: SortKey[], data: IndexData, missing: Set<string>): Sorting | undefined {
  const fields: SortField[] = []
  for (const { field } of sort) {
    const found = findSortField(field, data, missing)
    if (!found) return undefined
    fields.push(found)
  }
  const signs = sort.map(each => (each.descending ? -1 : 1))
  const compareKeys = (index: number, a: SortValue, b: SortValue) =>
    // What lacks the value stays at the end in both directions.
    a === null || b === null ? compareValues(a, b) : compareValues(a, b) * (signs[index] ?? 1)
  const compareRefs = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1)
  const compareBy = (values: ((node: number) => SortValue)[]) => (a: number, b: number) => {
    for (let index = 0; index < values.length; index++) {
      const valueOf = values[index]
      const order = valueOf ? compareKeys(index, valueOf(a), valueOf(b)) : 0
      if (order !== 0) return order
    }
    return compareRefs(data.refOf(a), data.refOf(b))
  }
  return {
    fields,
    compare: compareBy(fields.map(each => each.valueOf)),
    compareBy,
    behind(after) {
      const values = fields.map(({ parse }, index) => parse(after[index] ?? null))
      const ref = after.at(-1) ?? ''
      return node => {
        for (const [index, { valueOf }] of fields.entries()) {
          const order = compareKeys(index, valueOf(node), values[index] ?? null)
          if (order !== 0) return order
        }
        return compareRefs(data.refOf(node), ref)
      }
    },
  }
}

/** Few entities are sorted when they are asked for; for many, the order of all is kept. */
const FEW = 500
const MOST_ORDERS = 12

type Order = { sorted: Uint32Array; dirty: Set<number> }

/** Orders of all entities, made when they are first asked for and kept up to date. */
export class Orders {
  readonly #data: IndexData
  readonly #orders = new Map<string, Order>()

  constructor(data: IndexData) {
    this.#data = data
    data.listeners.add(nodes => {
      for (const order of this.#orders.values()) for (const node of nodes) order.dirty.add(node)
    })
  }

  /** The entities of a set in order; of many only those that are there, to be picked by `bits`. */
  list(bits: Bits, count: number, sort: SortKey[], sorting: Sorting): { nodes: Uint32Array; isExact: boolean } {
    const { compare } = sorting
    if (count <= FEW) return { nodes: listBits(bits).sort(compare), isExact: true }
    const key = JSON.stringify(sort)
    const known = this.#orders.get(key)
    const sorted = known ? this.#renew(known, compare) : this.#sortAll(sorting)
    this.#orders.delete(key)
    this.#orders.set(key, { sorted, dirty: new Set() })
    const [oldest] = this.#orders.keys()
    if (this.#orders.size > MOST_ORDERS && oldest !== undefined) this.#orders.delete(oldest)
    return { nodes: sorted, isExact: false }
  }

  /** Makes each value once, and not once a comparison. */
  #sortAll({ fields, compareBy }: Sorting): Uint32Array {
    const nodes = listBits(this.#data.live)
    const values = fields.map(({ valueOf }) => {
      const list: SortValue[] = []
      for (const node of nodes) list[node] = valueOf(node)
      return list
    })
    return nodes.sort(compareBy(values.map(list => node => list[node] ?? null)))
  }

  /** Takes out what has changed and puts it back where it belongs now. */
  #renew({ sorted, dirty }: Order, compare: (a: number, b: number) => number): Uint32Array {
    if (dirty.size === 0) return sorted
    const rest = sorted.filter(node => !dirty.has(node))
    const added = [...dirty].filter(node => hasBit(this.#data.live, node)).sort(compare)
    const merged = new Uint32Array(rest.length + added.length)
    let [from, at] = [0, 0]
    for (const node of added) {
      const end = findSpot(rest, each => compare(each, node), from)
      merged.set(rest.subarray(from, end), at)
      at += end - from
      merged[at++] = node
      from = end
    }
    merged.set(rest.subarray(from), at)
    return merged
  }
}

/** The first place whose node does not come before the wanted one. */
export function findSpot(nodes: Uint32Array, order: (node: number) => number, from = 0): number {
  let [low, high] = [from, nodes.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (order(nodes[middle] ?? 0) < 0) low = middle + 1
    else high = middle
  }
  return low
}
