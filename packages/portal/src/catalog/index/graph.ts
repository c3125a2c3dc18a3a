import { findEnd, findRelation, forwardOf, inverseOf, isStored } from '../kinds/relations.ts'
import { createBits, hasBit, type Bits } from './bits.ts'

/** One edge as its emitter's document names it, between numbers of entities. */
export type GraphEdge = { source: number; type: string; target: number; emittedByTarget: boolean }

/** The entries of one entity are `codes[start]` to `codes[end - 1]`, and what is at the other end beside them. */
export type EdgeList = { codes: ArrayLike<number>; others: ArrayLike<number>; start: number; end: number }

// A code: number of the stored type, the end at which the entity is, and whether the other end emits the edge.
const BACKWARD = 2
const BY_OTHER = 1

/** All current edges, seen from both of their ends. */
export type Graph = {
  edgesOf(node: number): EdgeList
  /** The codes that edges of a relation have, whoever emits them, at the entity that has the relation. */
  codesOf(relation: string): number[]
  nameOf(code: number): string
  /** The edges that the document of an entity makes are these from now on. */
  replace(emitter: number, edges: GraphEdge[]): void
}

/** What of a code says which relation it is, without its emitter. */
export function withoutEmitter(code: number): number {
  return code & ~BY_OTHER
}

/** The same edge, seen from its other end. */
export function otherEnd(code: number): number {
  return code ^ BACKWARD
}

export function isByOther(code: number): boolean {
  return (code & BY_OTHER) !== 0
}

export class GraphBuilder {
  #types = new TypeNumbers()
  #sources: number[] = []
  #codes: number[] = []
  #targets: number[] = []

  add({ source, type, target, emittedByTarget }: GraphEdge): void {
    this.#sources.push(source)
    this.#targets.push(target)
    this.#codes.push((this.#types.number(type) << 2) | (emittedByTarget ? BY_OTHER : 0))
  }

  /** @param capacity how many nodes there may come to be */
  finish(capacity: number): Graph {
    const starts = new Uint32Array(capacity + 1)
    const count = (node: number) => (starts[node + 1] = (starts[node + 1] ?? 0) + 1)
    for (const node of this.#sources) count(node)
    for (const node of this.#targets) count(node)
    for (let node = 0; node < capacity; node++) starts[node + 1] = (starts[node + 1] ?? 0) + (starts[node] ?? 0)
    const cursors = starts.slice()
    const codes = new Uint16Array(this.#sources.length * 2)
    const others = new Uint32Array(this.#sources.length * 2)
    const put = (node: number, code: number, other: number) => {
      const spot = cursors[node] ?? 0
      cursors[node] = spot + 1
      codes[spot] = code
      others[spot] = other
    }
    for (const [index, code] of this.#codes.entries()) {
      const [source = 0, target = 0] = [this.#sources[index], this.#targets[index]]
      put(source, code, target)
      put(target, code ^ BACKWARD ^ BY_OTHER, source)
    }
    return createGraph(this.#types, starts, codes, others, createBits(capacity))
  }
}

class TypeNumbers {
  readonly names: string[] = []
  #numbers = new Map<string, number>()

  number(type: string): number {
    const known = this.#numbers.get(type)
    if (known !== undefined) return known
    this.#numbers.set(type, this.names.length)
    return this.names.push(type) - 1
  }

  find(type: string): number | undefined {
    return this.#numbers.get(type)
  }
}

type Changed = { codes: number[]; others: number[] }

function createGraph(types: TypeNumbers, starts: Uint32Array, codes: Uint16Array, others: Uint32Array, isChanged: Bits): Graph {
  const changed = new Map<number, Changed>()

  function edgesOf(node: number): EdgeList {
    const list = hasBit(isChanged, node) ? changed.get(node) : undefined
    if (list) return { ...list, start: 0, end: list.codes.length }
    return { codes, others, start: starts[node] ?? 0, end: starts[node + 1] ?? 0 }
  }

  /** A list of its own for an entity whose edges change. */
  function open(node: number): Changed {
    const known = changed.get(node)
    if (known) return known
    const { start, end } = edgesOf(node)
    const own = { codes: Array.from(codes.subarray(start, end)), others: Array.from(others.subarray(start, end)) }
    changed.set(node, own)
    isChanged[node >>> 5] = (isChanged[node >>> 5] ?? 0) | (1 << (node & 31))
    return own
  }

  function add(node: number, code: number, other: number): void {
    const list = open(node)
    list.codes.push(code)
    list.others.push(other)
  }

  function drop(node: number, isGone: (code: number, other: number) => boolean): void {
    const list = open(node)
    let kept = 0
    for (let index = 0; index < list.codes.length; index++) {
      const [code = 0, other = 0] = [list.codes[index], list.others[index]]
      if (isGone(code, other)) continue
      list.codes[kept] = code
      list.others[kept++] = other
    }
    list.codes.length = list.others.length = kept
  }

  /** Pairs that the model brought are stored under both of their names; one that was renamed is still among the types. */
  function codesOfPairs(relation: string): number[] {
    return types.names.flatMap((type, number) => {
      const end = findEnd(type, relation)
      return end === undefined ? [] : [(number << 2) | (end === 'source' ? 0 : BACKWARD)]
    })
  }

  return {
    edgesOf,
    codesOf(relation) {
      const type = findRelation(relation)
      if (!type) return codesOfPairs(relation)
      const number = types.find(isStored(type) ? type : inverseOf(type))
      return number === undefined ? [] : [(number << 2) | (isStored(type) ? 0 : BACKWARD)]
    },
    nameOf(code) {
      const type = types.names[code >> 2] ?? ''
      return code & BACKWARD ? inverseOf(type) : forwardOf(type)
    },
    replace(emitter, edges) {
      const { codes: own, others: ends, start, end } = edgesOf(emitter)
      const neighbours = new Set<number>()
      for (let index = start; index < end; index++) if (!isByOther(own[index] ?? 0)) neighbours.add(ends[index] ?? 0)
      for (const node of neighbours) drop(node, (code, other) => other === emitter && isByOther(code))
      if (neighbours.size > 0) drop(emitter, code => !isByOther(code))
      for (const { source, type, target, emittedByTarget } of edges) {
        const code = (types.number(type) << 2) | (emittedByTarget ? BY_OTHER : 0)
        add(source, code, target)
        add(target, code ^ BACKWARD ^ BY_OTHER, source)
      }
    },
  }
}
