import { hash } from 'node:crypto'
import type { KindDefinition } from './kindDefinition.ts'
import { KindFault } from './kindFault.ts'
import { CORE_KINDS } from './kinds.ts'
import { findInverse } from './relations.ts'

/** The kinds of a portal at a time. It never changes; a portal whose configuration does gets another. */
export type Model = {
  /** One definition a kind, in the order in which people look for them. */
  kinds: readonly KindDefinition[]
  /** The same for equal models: what was taken in by another is taken in again. */
  hash: string
  /** The definition for entities of this kind, in exact case, and of this type where types differ. */
  find(kind: string, apiVersion: string, type: unknown): KindDefinition | undefined
}

export function createModel(definitions: readonly KindDefinition[]): Model {
  const byKind = Map.groupBy(definitions, each => each.kind)
  return {
    kinds: [...byKind.values()].flatMap(each => each.find(({ specType }) => specType === undefined) ?? each[0] ?? []),
    hash: hash('sha1', JSON.stringify(definitions)),
    find(kind, apiVersion, type) {
      const found = (byKind.get(kind) ?? []).filter(each => each.apiVersions.includes(apiVersion))
      return found.find(each => each.specType !== undefined && each.specType === type) ?? found.find(each => !each.specType)
    },
  }
}

/** The model of a portal whose configuration and plugins add no kinds. */
export function createCoreModel(): Model {
  return createModel(CORE_KINDS)
}

/**
 * Every relation has one name at its other end, everywhere, and what refs may point to exists.
 *
 * @throws KindFault with the index of the relation in the path
 */
export function checkRelations(definitions: readonly KindDefinition[], kind: string, inverses: Map<string, string>): void {
  const known = new Set(definitions.map(each => each.kind.toLowerCase()))
  for (const definition of definitions.filter(each => each.kind === kind)) {
    for (const { field, relation, inverse, defaultKind, allowedKinds = [] } of definition.relations) {
      const fail = (key: string, reason: string) => new KindFault(['relations', field, key], reason)
      const other = findInverse(relation) ?? inverses.get(relation) ?? inverse
      if (!other)
        throw fail('relation', `makes ${relation}, which is new: say its inverse, the name of the relation at its other end`)
      if (inverse && inverse !== other)
        throw fail('inverse', `calls the inverse of ${relation} ${inverse}, and elsewhere it is ${other}`)
      if (other === relation) throw fail('inverse', `gives ${relation} its own name as inverse; the two ends need two names`)
      const taken = findInverse(other) ?? inverses.get(other) ?? relation
      if (taken !== relation)
        throw fail('inverse', `makes ${other} the inverse of ${relation}; it is the one of ${taken} already`)
      inverses.set(relation, other).set(other, relation)
      for (const name of [...(defaultKind ? [defaultKind] : []), ...allowedKinds]) {
        if (!known.has(name.toLowerCase())) throw fail('defaultKind', `names the kind ${name}, which is not known`)
      }
    }
  }
}
