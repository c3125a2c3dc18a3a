import { fetchJson } from '@callboard/ui/fetchJson'
import { queryOptions } from '@tanstack/react-query'
import type { KindInfo } from '../contract.ts'

/** The kinds of the portal. They may change while a page is open, so that they are asked for again with the catalog. */
export const kindsQuery = queryOptions({
  queryKey: ['catalog', 'kinds'],
  queryFn: ({ signal }) => fetchJson<{ items: KindInfo[] }>('/api/catalog/kinds', { signal }),
})

/** A value of an entity as one line of text; empty where there is none. */
export function describeValue(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return value.map(describeValue).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** `deployedTo` or `deployed-to` becomes "Deployed to". */
export function describeKey(key: string): string {
  const words = key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_.]+/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** The value at a path such as `spec.region`. */
export function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (parent, key) => (typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined),
      value,
    )
}
