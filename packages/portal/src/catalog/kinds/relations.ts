/** Relations come in pairs: what is stored once is answered at both ends. The left one is the stored direction. */
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

/** The name of a relation at its other end. */
export function inverseOf(type: string): string {
  return inverse.get(type) ?? type
}

/** Whether a relation is stored under this name; otherwise it is stored under its inverse, the other way round. */
export function isStored(type: string): boolean {
  return stored.has(type)
}

/** The exact name of a relation that is written in any case. */
export function findRelation(name: string): string | undefined {
  return byLowerCase.get(name.toLowerCase())
}
