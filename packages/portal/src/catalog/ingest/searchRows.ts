import type { Entity, Json } from '@callboard/sdk'

/** One thing that can be asked about: a path in lower case and a value as it was written; null is there without a value. */
export type SearchRow = { key: string; value: string | null }

const LONGEST = 200
const SKIPPED_ROOT = new Set(['attachments', 'relations', 'status'])
const SKIPPED_METADATA = new Set(['name', 'namespace', 'uid', 'etag'])

/**
 * Walks an entity into rows, as Backstage's catalog does: leaves by their path, items of lists under the list's own path,
 * texts in lists also as `path.text = true`. Relations are asked where they are stored.
 */
export function searchRowsOf(entity: Entity): SearchRow[] {
  const rows: SearchRow[] = []
  const visit = (path: string, value: Json | undefined) => {
    if (value === undefined) return
    if (Array.isArray(value)) {
      for (const item of value) {
        visit(path, item)
        if (typeof item === 'string') add(rows, `${path}.${item}`, 'true')
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) visit(`${path}.${key}`, child)
    } else {
      add(rows, path, value === null ? null : String(value))
    }
  }
  for (const [key, value] of Object.entries(entity)) {
    if (SKIPPED_ROOT.has(key)) continue
    if (key !== 'metadata') {
      visit(key, value as Json)
      continue
    }
    for (const [name, child] of Object.entries(entity.metadata)) {
      if (!SKIPPED_METADATA.has(name)) visit(`metadata.${name}`, child as Json)
    }
  }
  add(rows, 'metadata.name', entity.metadata.name)
  add(rows, 'metadata.namespace', entity.metadata.namespace ?? 'default')
  return rows
}

function add(rows: SearchRow[], path: string, value: string | null): void {
  if (path.length > LONGEST) return
  rows.push({ key: path.toLowerCase(), value: value !== null && value.length > LONGEST ? null : value })
}

/** Two keys that differ in nothing but case, if there are such: they could not be told apart. */
export function findCaseClash(entity: Entity): string | undefined {
  const spellings = new Map<string, string>()
  let clash: string | undefined
  const visit = (path: string, value: unknown) => {
    if (clash) return
    if (Array.isArray(value)) {
      for (const item of value) visit(path, item)
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) visit(path ? `${path}.${key}` : key, child)
    } else {
      const lower = path.toLowerCase()
      const known = spellings.get(lower)
      if (known !== undefined && known !== path) clash = lower
      spellings.set(lower, path)
    }
  }
  visit('', entity)
  return clash
}

const terms = new Map<string, number>()
const REMEMBERED_TERMS = 50_000

/** The number under which `key` or `key=value` is indexed: 53 bits of a hash, both in lower case. */
export function termOf(key: string, value?: string): number {
  const text = value === undefined ? key : `${key}=${value.toLowerCase()}`
  const known = terms.get(text)
  if (known !== undefined) return known
  const term = hash53(text)
  if (terms.size < REMEMBERED_TERMS) terms.set(text, term)
  return term
}

// Two rounds of a multiplicative hash, mixed as in MurmurHash3: even, fast, and the same on every machine.
function hash53(text: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    a = Math.imul(a ^ unit, 2_654_435_761)
    b = Math.imul(b ^ unit, 1_597_334_677)
  }
  a = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  b = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(a ^ (a >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & b) + (a >>> 0)
}
