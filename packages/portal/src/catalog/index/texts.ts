const SLAB_BYTES = 1 << 20

/** Texts by number as UTF-8 outside of the heap, where they cost what they are long and no garbage collection. */
export class Texts {
  #slabs: Buffer[] = []
  #room = 0
  /** Where a text begins: number of the slab times its size, and bytes from there. A longer text has a slab of its own. */
  #starts: number[] = []
  #lengths: number[] = []
  #order: number[] | undefined

  set(number: number, text: string): void {
    this.#order = undefined
    for (let next = this.#starts.length; next < number; next++) this.#put(next, 0, 0)
    const length = Buffer.byteLength(text)
    if (length > this.#room) this.#addSlab(length)
    const slab = this.#slabs.at(-1)
    const offset = (slab?.length ?? 0) - this.#room
    slab?.write(text, offset)
    this.#room -= length
    this.#put(number, (this.#slabs.length - 1) * SLAB_BYTES + offset, length)
  }

  remove(number: number): void {
    this.#order = undefined
    this.#put(number, 0, 0)
  }

  /** Whether a text contains these bytes. */
  includes(number: number, needle: Buffer): boolean {
    const { slab, offset, length } = this.#find(number)
    return slab !== undefined && length >= needle.length && slab.subarray(offset, offset + length).includes(needle)
  }

  /** Calls `found` once for each number whose text contains these bytes. */
  search(needle: Buffer, found: (number: number) => void): void {
    const order = this.#listInOrder()
    let index = 0
    for (const [slabIndex, slab] of this.#slabs.entries()) {
      const base = slabIndex * SLAB_BYTES
      for (let at = slab.indexOf(needle); at >= 0;) {
        // The text that ends behind the beginning of the hit; a hit in what is wasted, or over a border, is none.
        while (index < order.length && this.#endOf(order[index] ?? 0) <= base + at) index++
        const number = order[index]
        if (number === undefined) return
        const start = (this.#starts[number] ?? 0) - base
        const end = this.#endOf(number) - base
        const isInside = at >= start && at + needle.length <= end
        if (isInside) found(number)
        at = slab.indexOf(needle, isInside ? end : Math.max(at + 1, start))
      }
    }
  }

  #find(number: number) {
    const start = this.#starts[number] ?? 0
    const index = Math.floor(start / SLAB_BYTES)
    return { slab: this.#slabs[index], offset: start - index * SLAB_BYTES, length: this.#lengths[number] ?? 0 }
  }

  #put(number: number, start: number, length: number): void {
    this.#starts[number] = start
    this.#lengths[number] = length
  }

  #addSlab(length: number): void {
    const size = Math.max(length, SLAB_BYTES)
    // why: its unused end must not hold bytes of something else that a search could find.
    this.#slabs.push(Buffer.alloc(size))
    this.#room = size
  }

  #listInOrder(): number[] {
    if (this.#order) return this.#order
    const order: number[] = []
    for (const [number, length] of this.#lengths.entries()) if (length > 0) order.push(number)
    return (this.#order = order.sort((a, b) => (this.#starts[a] ?? 0) - (this.#starts[b] ?? 0)))
  }

  #endOf(number: number): number {
    return (this.#starts[number] ?? 0) + (this.#lengths[number] ?? 0)
  }
}
