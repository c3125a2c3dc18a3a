import { quote } from './text.ts'

/**
 * What a key of the language asks about. Refs of a relation may be short and take `kind`; a `narrow` key asks only about
 * refs of its kind, because the relation has others too.
 */
export type Key = { field: string; isRelation: boolean; kind?: string; narrow: boolean }

export type RelationKey = { name: string; relation: string; kind?: string; narrow?: true }

/** The first name of a field is the one that is printed. */
const FIELDS: [name: string, field: string][] = [
  ['kind', 'kind'],
  ['type', 'spec.type'],
  ['lifecycle', 'spec.lifecycle'],
  ['name', 'metadata.name'],
  ['namespace', 'metadata.namespace'],
  ['title', 'metadata.title'],
  ['description', 'metadata.description'],
  ['tag', 'metadata.tags'],
  ['tags', 'metadata.tags'],
  ['created', 'created'],
  ['changed', 'changed'],
  ['apiVersion', 'apiversion'],
]

const MAPS: [prefix: string, path: string][] = [
  ['label.', 'metadata.labels.'],
  ['labels.', 'metadata.labels.'],
  ['annotation.', 'metadata.annotations.'],
  ['annotations.', 'metadata.annotations.'],
]

/** Without a kind, a short ref means an entity of any kind. */
const RELATIONS: RelationKey[] = [
  { name: 'owner', relation: 'ownedBy', kind: 'group' },
  { name: 'ownedBy', relation: 'ownedBy', kind: 'group' },
  { name: 'ownerOf', relation: 'ownerOf' },
  { name: 'system', relation: 'partOf', kind: 'system', narrow: true },
  { name: 'domain', relation: 'partOf', kind: 'domain', narrow: true },
  { name: 'partOf', relation: 'partOf' },
  { name: 'hasPart', relation: 'hasPart' },
  { name: 'dependsOn', relation: 'dependsOn' },
  { name: 'dependencyOf', relation: 'dependencyOf' },
  { name: 'providesApi', relation: 'providesApi', kind: 'api' },
  { name: 'providesApis', relation: 'providesApi', kind: 'api' },
  { name: 'apiProvidedBy', relation: 'apiProvidedBy', kind: 'component' },
  { name: 'consumesApi', relation: 'consumesApi', kind: 'api' },
  { name: 'consumesApis', relation: 'consumesApi', kind: 'api' },
  { name: 'apiConsumedBy', relation: 'apiConsumedBy', kind: 'component' },
  { name: 'memberOf', relation: 'memberOf', kind: 'group' },
  { name: 'hasMember', relation: 'hasMember', kind: 'user' },
  { name: 'childOf', relation: 'childOf', kind: 'group' },
  { name: 'parentOf', relation: 'parentOf', kind: 'group' },
]

const PATH = /^(?:metadata|spec|relations|status)\../
const PLAIN_KEY = /^[\p{L}\p{N}_][^\s"():<>,*=+\\]*$/u

/** The names that a key may have, as they are usually spelled. */
export const KEY_NAMES = [...FIELDS.map(([name]) => name), ...RELATIONS.map(({ name }) => name), 'is', 'sort']

/** Finds what a key asks about: a short name, a label or annotation, or a path. Keys are case-insensitive. */
export function findKey(text: string): Key | undefined {
  const name = text.toLowerCase()
  const relation = RELATIONS.find(key => key.name.toLowerCase() === name)
  if (relation) {
    const field = `relations.${relation.relation.toLowerCase()}`
    return { field, isRelation: true, kind: relation.kind, narrow: relation.narrow ?? false }
  }
  const field = FIELDS.find(([short]) => short.toLowerCase() === name)?.[1] ?? findPath(name)
  return field === undefined ? undefined : getPathKey(field)
}

/** A path is taken as it is: its refs are not completed. */
export function getPathKey(path: string): Key {
  return { field: path.toLowerCase(), isRelation: false, narrow: false }
}

function findPath(name: string): string | undefined {
  const map = MAPS.find(([prefix]) => name.startsWith(prefix) && name.length > prefix.length)
  if (map) return map[1] + name.slice(map[0].length)
  return PATH.test(name) ? name : undefined
}

/** The keys with which a field of a relation can be asked, the preferred one first. */
export function listRelationKeys(field: string): RelationKey[] {
  return RELATIONS.filter(({ relation }) => `relations.${relation.toLowerCase()}` === field)
}

/** The shortest key that is read as this field. */
export function formatKey(field: string): string {
  const map = MAPS.find(([, path]) => field.startsWith(path))
  const short =
    FIELDS.find(([, path]) => path === field)?.[0] ??
    listRelationKeys(field).find(({ narrow }) => !narrow)?.name ??
    (map ? map[0] + field.slice(map[1].length) : field)
  return PLAIN_KEY.test(short) && findKey(short)?.field === field ? short : quote(field)
}

/** The path itself, for values that its short key would read differently. */
export function formatPath(field: string): string {
  return PATH.test(field) && PLAIN_KEY.test(field) ? field : quote(field)
}

/** What to say about a key that nobody knows. */
export function adviseOnKey(key: string, term: string): string {
  if (term.startsWith(`${key}://`)) return `Put quotes around an address to search for its text: ${quote(term)}.`
  const name = key.toLowerCase()
  const map = MAPS.find(([prefix]) => prefix === `${name}.` || prefix === name)
  if (map) return `Write ${map[0]}name:value.`
  const near = KEY_NAMES.filter(known => isNear(known.toLowerCase(), name))
  const first = near.length
    ? `Did you mean ${near.slice(0, 3).join(' or ')}?`
    : `Short names are ${KEY_NAMES.slice(0, 9).join(', ')}, owner, system, domain, label.… and annotation.…`
  return `${first} Any other field is written as a path, such as spec.${key}; put quotes around the term to search for its text.`
}

/** At most two letters added, removed or replaced, and never more than half of them. */
function isNear(known: string, name: string): boolean {
  let row = Array.from({ length: name.length + 1 }, (_, index) => index)
  for (const [index, letter] of [...known].entries()) {
    const next = [index + 1]
    for (let column = 1; column <= name.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (name[column - 1] === letter ? 0 : 1)
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1))
    }
    row = next
  }
  return (row[name.length] ?? 0) <= Math.min(2, Math.floor(known.length / 2), Math.floor(name.length / 2))
}
