/** The steps from the root of the configuration to a value. */
export type KeyPath = (string | number)[]

/** Writes a path as people do: `integrations.github[0].token`. */
export function formatKey(path: readonly PropertyKey[]): string {
  return path.reduce<string>((key, step) => {
    if (typeof step === 'number') return `${key}[${step}]`
    return key === '' ? String(step) : `${key}.${String(step)}`
  }, '')
}

/** Reads `a.b[0].c`, and also `a.b.0.c`, into its steps. */
export function parseKey(key: string): string[] {
  return key
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter(step => step !== '')
}

/** Follows the path through plain objects and lists; undefined as soon as a step is missing. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = Reflect.get(value, step)
  }
  return value
}
