import type { Json } from '@callboard/sdk'

/** The keys that lead to a value. */
export type Segments = string[]

/** The file that a reference names, if any, and the JSON pointer (RFC 6901) behind its `#`, decoded as a URL is. */
export function splitRef(ref: string): { target: string; pointer: string } {
  const hash = ref.indexOf('#')
  if (hash < 0) return { target: ref, pointer: '' }
  const pointer = ref.slice(hash + 1)
  try {
    return { target: ref.slice(0, hash), pointer: decodeURIComponent(pointer).replace(/\/$/, '') }
  } catch {
    return { target: ref.slice(0, hash), pointer }
  }
}

/** The value at a pointer; undefined when there is none. */
export function findPointer(value: Json | undefined, pointer: string): Json | undefined {
  if (pointer === '') return value
  let found = value
  for (const segment of pointer.split('/').slice(1)) {
    const key = segment.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined
    // why: lists are read by their numbers as objects are by their keys.
    found = (found as Record<string, Json>)[key]
  }
  return pointer.startsWith('/') ? found : undefined
}

/** A reference to the value that these keys lead to. */
export function formatPointer(path: Segments): string {
  const escaped = path.map(key => encodeURI(key.replaceAll('~', '~0').replaceAll('/', '~1')).replaceAll('#', '%23'))
  return `#/${escaped.join('/')}`
}
