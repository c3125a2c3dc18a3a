type Search = Record<string, string | string[]>

/** Reads the query of an address. A key that comes several times becomes a list; nothing is guessed to be a number. */
export function parseSearch(text: string): Search {
  const search: Search = {}
  for (const [key, value] of new URLSearchParams(text)) {
    const before = search[key]
    search[key] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return search
}

/** The inverse of `parseSearch`. */
export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    for (const each of Array.isArray(value) ? value : [value]) if (each !== undefined) params.append(key, String(each))
  }
  const text = params.toString()
  return text ? `?${text}` : ''
}
