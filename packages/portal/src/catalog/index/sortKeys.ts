import { termOf } from '../ingest/searchRows.ts'
import { countBits, createBits } from './bits.ts'
import { nameOf } from './evaluate.ts'
import type { IndexData } from './indexData.ts'

/** A value that entities are sorted by. Texts are in lower case. */
export type SortValue = string | number | null

export type SortField = {
  /** Every entity has it. */
  isAlways?: true
  valueOf(node: number): SortValue
  /** The value as the database writes it into a cursor. */
  print(value: SortValue): string | null
  parse(text: string | null): SortValue
}

const TEXT = {
  print: (value: SortValue) => (value === null ? null : String(value)),
  parse: (text: string | null) => text,
}

/** How a field is sorted; undefined for what only the database can sort, with the column that would be needed in `missing`. */
export function findSortField(field: string, data: IndexData, missing: Set<string>): SortField | undefined {
  const key = field.toLowerCase()
  if (key === 'kind') return { ...TEXT, isAlways: true, valueOf: node => data.kind.lowerOf(node) }
  if (key === 'metadata.name') return { ...TEXT, isAlways: true, valueOf: node => nameOf(data, node) }
  if (key === 'metadata.namespace') return { ...TEXT, isAlways: true, valueOf: node => data.namespace.lowerOf(node) }
  if (key === 'spec.type') return { ...TEXT, valueOf: node => data.type.lowerOf(node) }
  if (key === 'spec.lifecycle') return { ...TEXT, valueOf: node => data.lifecycle.lowerOf(node) }
  if (key === 'metadata.title') return data.hasOddTitles ? undefined : { ...TEXT, valueOf: node => data.titles[node] ?? null }
  if (key === 'changed')
    return { isAlways: true, valueOf: node => data.changed[node] ?? 0, print: printMoment, parse: parseMoment }
  if (key === 'created' || key === 'metadata.uid') return undefined
  if (key.startsWith('relations.') || isNowhere(key, data)) return { ...TEXT, valueOf: () => null }
  const column = data.columns.get(key)
  if (!column) return void missing.add(key)
  return column.isOdd ? undefined : { ...TEXT, valueOf: node => column.firstLowerOf(node) }
}

function isNowhere(key: string, { postings, capacity }: IndexData): boolean {
  const found = createBits(capacity)
  postings.addTo(found, termOf(key))
  return countBits(found) === 0
}

/** `2026-06-01T10:00:00.123456`, in UTC. */
function printMoment(value: SortValue): string | null {
  if (typeof value !== 'number') return null
  const ms = Math.floor(value / 1000)
  return new Date(ms).toISOString().slice(0, -1) + String(value - ms * 1000).padStart(3, '0')
}

function parseMoment(text: string | null): SortValue {
  if (text === null) return null
  return Date.parse(`${text.slice(0, 23)}Z`) * 1000 + Number(text.slice(23))
}

/** Rising, with null at the end. */
export function compareValues(a: SortValue, b: SortValue): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  return a < b ? -1 : 1
}
