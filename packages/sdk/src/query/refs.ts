import { parseEntityRef } from '../entityRef.ts'

/**
 * Completes a ref that may be short and may hold wildcards.
 *
 * @throws EntityRefError when a part is empty
 * @example
 * completeRef('team-a', 'group') // 'group:default/team-a'
 * completeRef('payments', undefined) // '*:default/payments'
 */
export function completeRef(ref: string, kind: string | undefined): string {
  const full = parseEntityRef(ref, { kind: kind ?? '*' })
  return `${full.kind}:${full.namespace}/${full.name}`
}

/** The shortest ref that `completeRef` completes to this one, if there is any. */
export function findShortRef(ref: string, kind: string | undefined): string | undefined {
  const prefix = `${kind ?? '*'}:default/`
  const name = ref.startsWith(prefix) ? ref.slice(prefix.length) : ''
  // why: `@me` and `*` alone say something else, so a name must begin like a name.
  if (/^\*?[\p{L}\p{N}_][^:/]*$/u.test(name)) return name
  return /^[^:/]+:[^/]+\/[^]+$/.test(ref) ? ref : undefined
}
