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

type HashState = { a: number; b: number }

const keys = new Map<string, HashState>()
const REMEMBERED_KEYS = 20_000

/** The number under which `key` or `key=value` is indexed: 53 bits of a hash, both in lower case. */
export function termOf(key: string, value?: string): number {
  const state = stateOf(key)
  return value === undefined ? finish(state) : finish(mix(mix(state, '='), value.toLowerCase()))
}

// Keys are few and values are many: the hash of a key is gone through once.
function stateOf(key: string): HashState {
  const known = keys.get(key)
  if (known) return known
  const state = mix({ a: 0xdeadbeef, b: 0x41c6ce57 }, key)
  if (keys.size < REMEMBERED_KEYS) keys.set(key, state)
  return state
}

// Two rounds of a multiplicative hash, mixed as in MurmurHash3: even, fast, and the same on every machine.
function mix({ a, b }: HashState, text: string): HashState {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    a = Math.imul(a ^ unit, 2_654_435_761)
    b = Math.imul(b ^ unit, 1_597_334_677)
  }
  return { a, b }
}

function finish({ a, b }: HashState): number {
  const high = Math.imul(a ^ (a >>> 16), 2_246_822_507) ^ Math.imul(b ^ (b >>> 13), 3_266_489_909)
  const low = Math.imul(b ^ (b >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0)
}
