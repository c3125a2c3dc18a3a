// Relations come in pairs: what is stored once is answered at both ends. Of a well-known pair the left name is stored. Any other
// is stored under both names, `deployedTo/hosts`: so an edge says itself how it reads, also in the past of another model.
const PAIRS = [
  ['ownedBy', 'ownerOf'],
  ['partOf', 'hasPart'],
  ['providesApi', 'apiProvidedBy'],
  ['consumesApi', 'apiConsumedBy'],
  ['dependsOn', 'dependencyOf'],
  ['memberOf', 'hasMember'],
  ['childOf', 'parentOf'],
] as const

const inverse = new Map<string, string>(PAIRS.flatMap(([forward, back]) => [[forward, back] as const, [back, forward] as const]))
const stored = new Set<string>(PAIRS.map(([forward]) => forward))
const byLowerCase = new Map([...inverse.keys()].map(name => [name.toLowerCase(), name]))

/** The name of a stored or well-known relation at its other end. */
export function inverseOf(type: string): string {
  return type.split('/')[1] ?? inverse.get(type) ?? type
}

/** The name of a stored relation where it starts. */
export function forwardOf(type: string): string {
  return type.split('/')[0] ?? type
}

/** Whether a well-known relation is stored under this name; otherwise it is stored under its inverse, the other way round. */
export function isStored(type: string): boolean {
  return stored.has(type)
}

/** The exact name of a well-known relation that is written in any case. */
export function findRelation(name: string): string | undefined {
  return byLowerCase.get(name.toLowerCase())
}

/** The name at the other end of a well-known relation. */
export function findInverse(name: string): string | undefined {
  return inverse.get(name)
}

/** How a relation is stored, and whether from the entity that has it. Which of two new names comes first is their order alone. */
export function storeRelation(
  relation: string,
  other = inverse.get(relation) ?? `${relation}Of`,
): { type: string; isForward: boolean } {
  if (inverse.has(relation)) return stored.has(relation) ? { type: relation, isForward: true } : { type: other, isForward: false }
  return relation < other ? { type: `${relation}/${other}`, isForward: true } : { type: `${other}/${relation}`, isForward: false }
}

/** Which end of a stored pair of two names has this name, which may be written in any case. */
export function findEnd(type: string, name: string): 'source' | 'target' | undefined {
  if (!type.includes('/')) return undefined
  const wanted = name.toLowerCase()
  if (forwardOf(type).toLowerCase() === wanted) return 'source'
  return inverseOf(type).toLowerCase() === wanted ? 'target' : undefined
}
