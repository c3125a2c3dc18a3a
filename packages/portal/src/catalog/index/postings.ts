import { addBits, clearBit, createBits, hasBit, setBit, type Bits } from './bits.ts'

/** Which entities have a term: what was loaded at once, compact and never changed, and over it what changed since. */
export type Postings = {
  /** Adds the entities that have this term to a set. */
  addTo(bits: Bits, term: number): void
  /** The terms of an entity are these from now on. */
  replace(node: number, terms: Float64Array | undefined): void
  /** How many entities have changed since they were loaded. */
  changed(): number
}

const FULL = 0.7
const MOST_SETS = 64

/** Open addressing: a number for each term, counted from 1 in the order of their first appearance. */
class TermNumbers {
  count = 0
  #keys = new Float64Array(1024)
  #numbers = new Uint32Array(1024)

  find(term: number): number {
    return this.#numbers[this.#spotOf(term)] ?? 0
  }

  number(term: number): number {
    const spot = this.#spotOf(term)
    const known = this.#numbers[spot]
    if (known) return known
    this.#keys[spot] = term
    this.#numbers[spot] = ++this.count
    if (this.count > this.#keys.length * FULL) this.#grow()
    return this.count
  }

  #spotOf(term: number): number {
    const mask = this.#keys.length - 1
    // Terms are hashes already: their lower bits are as good as any.
    for (let spot = (term >>> 0) & mask; ; spot = (spot + 1) & mask) {
      if (this.#numbers[spot] === 0 || this.#keys[spot] === term) return spot
    }
  }

  #grow(): void {
    const [keys, numbers] = [this.#keys, this.#numbers]
    this.#keys = new Float64Array(keys.length * 2)
    this.#numbers = new Uint32Array(keys.length * 2)
    for (let index = 0; index < keys.length; index++) {
      const number = numbers[index] ?? 0
      if (number === 0) continue
      const spot = this.#spotOf(keys[index] ?? 0)
      this.#keys[spot] = keys[index] ?? 0
      this.#numbers[spot] = number
    }
  }
}

/** Takes the terms of nodes 0, 1, 2 … one after the other. */
export class PostingsBuilder {
  #terms = new TermNumbers()
  #sequence = new Uint32Array(1 << 16)
  #ends = new Uint32Array(1 << 12)
  #length = 0
  #nodes = 0

  /** @param text `{1,2,3}`, as PostgreSQL writes arrays of numbers */
  add(text: string): void {
    let term = 0
    for (let index = 1; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code >= 48 && code <= 57) {
        term = term * 10 + code - 48
      } else if (index > 1) {
        if (this.#length === this.#sequence.length) this.#sequence = enlarged(this.#sequence)
        this.#sequence[this.#length++] = this.#terms.number(term)
        term = 0
      }
    }
    if (this.#nodes === this.#ends.length) this.#ends = enlarged(this.#ends)
    this.#ends[this.#nodes++] = this.#length
  }

  /** @param capacity how many nodes there may come to be */
  finish(capacity: number): Postings {
    const starts = new Uint32Array(this.#terms.count + 2)
    for (let index = 0; index < this.#length; index++) {
      const number = this.#sequence[index] ?? 0
      starts[number + 1] = (starts[number + 1] ?? 0) + 1
    }
    for (let index = 1; index < starts.length; index++) starts[index] = (starts[index] ?? 0) + (starts[index - 1] ?? 0)
    const cursors = starts.slice()
    const nodes = new Uint32Array(this.#length)
    for (let node = 0, index = 0; node < this.#nodes; node++) {
      for (const end = this.#ends[node] ?? 0; index < end; index++) {
        const number = this.#sequence[index] ?? 0
        const spot = cursors[number] ?? 0
        nodes[spot] = node
        cursors[number] = spot + 1
      }
    }
    return createPostings(this.#terms, starts, nodes, capacity)
  }
}

function createPostings(terms: TermNumbers, starts: Uint32Array, nodes: Uint32Array, capacity: number): Postings {
  /** Nodes of which the loaded terms hold no more. */
  const outdated = createBits(capacity)
  const nodesByTerm = new Map<number, Set<number>>()
  const termsByNode = new Map<number, Float64Array>()
  /** Whole sets of the terms that many entities have, as far as they were asked for. */
  const sets = new Map<number, Bits>()

  function gather(term: number): Bits {
    const bits = createBits(capacity)
    collect(bits, term)
    if (sets.size === MOST_SETS) sets.clear()
    sets.set(term, bits)
    return bits
  }

  function collect(bits: Bits, term: number): void {
    const number = terms.find(term)
    if (number !== 0) {
      const end = starts[number + 1] ?? 0
      for (let index = starts[number] ?? 0; index < end; index++) {
        const node = nodes[index] ?? 0
        if (!hasBit(outdated, node)) setBit(bits, node)
      }
    }
    for (const node of nodesByTerm.get(term) ?? []) setBit(bits, node)
  }

  return {
    addTo(bits, term) {
      const number = terms.find(term)
      const length = (starts[number + 1] ?? 0) - (starts[number] ?? 0)
      if (number === 0 || length < bits.length) collect(bits, term)
      else addBits(bits, sets.get(term) ?? gather(term))
    },
    replace(node, next) {
      setBit(outdated, node)
      for (const set of sets.values()) clearBit(set, node)
      for (const term of termsByNode.get(node) ?? []) {
        const set = nodesByTerm.get(term)
        set?.delete(node)
        if (set?.size === 0) nodesByTerm.delete(term)
      }
      if (!next) return void termsByNode.delete(node)
      termsByNode.set(node, next)
      for (const term of next) {
        const whole = sets.get(term)
        if (whole) setBit(whole, node)
        const set = nodesByTerm.get(term)
        if (set) set.add(node)
        else nodesByTerm.set(term, new Set([node]))
      }
    },
    changed: () => termsByNode.size,
  }
}

/** Numbers out of `{1,2,3}`. */
export function parseTerms(text: string): Float64Array {
  return text.length <= 2 ? new Float64Array() : Float64Array.from(text.slice(1, -1).split(','), Number)
}

function enlarged(from: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const to = new Uint32Array(from.length * 2)
  to.set(from)
  return to
}
