import type { JsonObject } from '@callboard/sdk'

/** One way in which a field of a kind points to other entities. */
export type RelationField = {
  /** Key of `spec` that holds a ref or a list of refs. */
  field: string
  /** Name of the relation on this entity; the other end has its inverse (see relations.ts). */
  relation: string
  /** Kind of a ref that names none. Without it, refs of this field must name their kind. */
  defaultKind?: string
}

/** All that the catalog needs to know of a kind. It is data: a new kind needs no code. */
export type KindDefinition = {
  kind: string
  plural: string
  apiVersions: string[]
  /** One sentence for people who meet it first. */
  description: string
  /** Name of an icon of the ui. */
  icon: string
  /** JSON Schema of `spec`. Keys that it does not name are kept. */
  spec: JsonObject
  specRequired: boolean
  relations: RelationField[]
  /** Paths in `spec` whose texts are found by words, besides name, title, description and tags. */
  searchable: string[]
}

export const CORE_API_VERSIONS = ['backstage.io/v1alpha1', 'backstage.io/v1beta1']

/** A text that is not empty. */
export const TEXT: JsonObject = { type: 'string', minLength: 1 }
/** A list of refs. */
export const REFS: JsonObject = { type: 'array', items: TEXT }

export const PROFILE: JsonObject = {
  type: 'object',
  properties: { displayName: TEXT, email: TEXT, picture: TEXT },
}
