/** As js-yaml has it. */
const MOST_DEPTH = 100
/** Twice the largest file: in characters, with a few for each value. */
const MOST_WEIGHT = 20 * 1024 * 1024
const WEIGHT_OF_VALUE = 8

/**
 * Why a document is too large to be an entity, if it is. Aliases make a short text mean a huge value, or one that holds itself:
 * here every value is weighed once, however often it is referred to.
 */
export function findExcess(document: unknown): string | undefined {
  const known = new Map<object, number>()
  const open = new Set<object>()
  let excess: string | undefined

  function weigh(value: unknown, depth: number): number {
    if (typeof value === 'string') return WEIGHT_OF_VALUE + value.length
    if (typeof value !== 'object' || value === null) return WEIGHT_OF_VALUE
    const weighed = known.get(value)
    if (weighed !== undefined) return weighed
    if (open.has(value)) excess ??= 'an alias refers to a value that holds it'
    if (depth >= MOST_DEPTH) excess ??= `it is nested more than ${MOST_DEPTH} deep`
    if (excess) return 0
    open.add(value)
    let weight = WEIGHT_OF_VALUE
    // why: a list is walked as it is, since its keys as texts would weigh more than what it holds.
    if (Array.isArray(value)) for (const each of value) weight += weigh(each, depth + 1)
    else for (const [key, each] of Object.entries(value)) weight += key.length + weigh(each, depth + 1)
    open.delete(value)
    known.set(value, weight)
    return weight
  }

  const weight = weigh(document, 0)
  return excess ?? (weight > MOST_WEIGHT ? 'it is too large once its aliases are written out' : undefined)
}
