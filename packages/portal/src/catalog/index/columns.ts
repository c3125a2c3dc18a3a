import { createBits, setBit, type Bits } from './bits.ts'

const SURROGATE = /[\ud800-\udfff]/

/** Values of one field by entity: each text once, and a number of it for each entity. 0 is no value. */
export class Dictionary {
  /** As they were written; the first one stands for no value. */
  readonly values: string[] = ['']
  readonly lower: string[] = ['']
  readonly codes: Uint32Array
  #numbers = new Map<string, number>()
  #sets: (Bits | undefined)[] = []

  constructor(capacity: number) {
    this.codes = new Uint32Array(capacity)
  }

  set(node: number, value: string | null): void {
    const [former, code] = [this.codes[node] ?? 0, value === null ? 0 : this.number(value)]
    if (former === code) return
    this.codes[node] = code
    this.#sets[former] = this.#sets[code] = undefined
  }

  /** The entities that have a value. */
  setOf(code: number): Bits {
    const known = this.#sets[code]
    if (known) return known
    const bits = createBits(this.codes.length)
    for (let node = 0; node < this.codes.length; node++) if (this.codes[node] === code) setBit(bits, node)
    return (this.#sets[code] = bits)
  }

  number(value: string): number {
    const known = this.#numbers.get(value)
    if (known !== undefined) return known
    this.#numbers.set(value, this.values.length)
    this.lower.push(value.toLowerCase())
    return this.values.push(value) - 1
  }

  lowerOf(node: number): string | null {
    const code = this.codes[node] ?? 0
    return code === 0 ? null : (this.lower[code] ?? null)
  }
}

/** All values of a field that entities may have several of, as they were written. */
export class Column {
  readonly values: string[] = ['']
  readonly lower: string[] = ['']
  /** Length of all texts: what a column costs. */
  size = 0
  /** Whether code units sort these texts in another order than the database does. */
  isOdd = false
  #numbers = new Map<string, number>()
  #lists: (number | number[] | undefined)[] = []

  set(node: number, values: string[] | undefined): void {
    const [first, ...rest] = values ?? []
    const list =
      first === undefined ? undefined : rest.length === 0 ? this.#number(first) : values?.map(each => this.#number(each))
    for (let next = this.#lists.length; next < node; next++) this.#lists.push(undefined)
    this.#lists[node] = list
  }

  /** Numbers of the values of an entity. */
  numbersOf(node: number): readonly number[] {
    const list = this.#lists[node]
    return list === undefined ? [] : typeof list === 'number' ? [list] : list
  }

  firstLowerOf(node: number): string | null {
    const list = this.#lists[node]
    const number = typeof list === 'number' ? list : list?.[0]
    return number === undefined ? null : (this.lower[number] ?? null)
  }

  #number(value: string): number {
    const known = this.#numbers.get(value)
    if (known !== undefined) return known
    this.#numbers.set(value, this.values.length)
    this.size += value.length
    this.isOdd ||= SURROGATE.test(value)
    this.lower.push(value.toLowerCase())
    return this.values.push(value) - 1
  }
}

export function isOddText(text: string): boolean {
  return SURROGATE.test(text)
}
