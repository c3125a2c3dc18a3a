import { sql, type Kysely } from 'kysely'

/** Bytes that are kept of bodies: those that were asked for last. */
const MOST_BYTES = 48_000_000

/**
 * The bodies of entities by the id of their row, which never change. There are too many to keep them all; those that are not
 * there are read together.
 */
export class Bodies {
  readonly #db: Kysely<any>
  /** What was asked for of late, and before that; when the first is full it takes the place of the second. */
  #recent = new Map<number, Buffer>()
  #former = new Map<number, Buffer>()
  #size = 0

  constructor(db: Kysely<any>) {
    this.#db = db
  }

  /** The bodies in the order of the ids; undefined when one is not there. */
  async get(ids: number[]): Promise<Buffer[] | undefined> {
    const found = new Map<number, Buffer>()
    const missing: number[] = []
    for (const id of ids) {
      const body = this.#find(id)
      if (body === undefined) missing.push(id)
      else found.set(id, body)
    }
    if (missing.length > 0) {
      const { rows } = await sql<{ id: number; body: string }>`select version_id as id, body from catalog.entity_body
        where version_id = any(${missing}::bigint[])`.execute(this.#db)
      for (const { id, body: text } of rows) {
        const body = Buffer.from(text)
        found.set(id, body)
        this.#keep(id, body)
      }
    }
    const bodies = ids.flatMap(id => found.get(id) ?? [])
    return bodies.length === ids.length ? bodies : undefined
  }

  #find(id: number): Buffer | undefined {
    const recent = this.#recent.get(id)
    if (recent !== undefined) return recent
    const former = this.#former.get(id)
    if (former !== undefined) this.#keep(id, former)
    return former
  }

  #keep(id: number, body: Buffer): void {
    this.#recent.set(id, body)
    this.#size += body.length
    if (this.#size <= MOST_BYTES / 2) return
    this.#former = this.#recent
    this.#recent = new Map()
    this.#size = 0
  }
}
