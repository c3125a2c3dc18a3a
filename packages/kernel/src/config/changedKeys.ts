import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '@callboard/sdk'

/** The keys whose values differ, as few as say it all: of a key in `within`, and of those below it, the key itself. */
export function listChangedKeys(before: JsonObject, after: JsonObject, within: readonly string[], parent = ''): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    key => !isDeepStrictEqual(before[key], after[key]),
  )
  return keys.flatMap(key => {
    const path = parent === '' ? key : `${parent}.${key}`
    const [old, next] = [before[key], after[key]]
    if (!within.some(each => each.startsWith(`${path}.`))) return [path]
    return listChangedKeys(asMap(old), asMap(next), within, path)
  })
}

function asMap(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
