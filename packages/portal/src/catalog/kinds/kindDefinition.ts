import type { JsonObject } from '@callboard/sdk'

/** One way in which a field of a kind points to other entities. */
export type RelationField = {
  /** Path in `spec` that leads to a ref or a list of refs; it goes through the items of lists. */
  field: string
  /** Name of the relation on this entity; the other end has its inverse (see relations.ts). */
  relation: string
  /** Name of the relation at its other end; the well-known relations have theirs already. */
  inverse?: string | undefined
  /** Kind of a ref that names none. Without it, refs of this field must name their kind. */
  defaultKind?: string | undefined
  /** Namespace of a ref that names none: that of the entity (usual), or `default`. */
  defaultNamespace?: 'inherit' | 'default' | undefined
  /** Refs of other kinds make no relation. */
  allowedKinds?: string[] | undefined
  /** With `one`, a list is a fault. */
  cardinality?: 'one' | 'many' | undefined
}

/** A column of the list of a kind: the value at a path of the entity, such as `spec.region`. */
export type KindColumn = { title: string; field: string }

/** All that the catalog needs to know of a kind. It is data: a new kind needs no code. */
export type KindDefinition = {
  kind: string
  plural: string
  apiVersions: string[]
  /** Only for entities with this `spec.type`; those of other types have a definition without one. */
  specType?: string
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
  /** Columns behind the name; without any, those that every kind has. */
  columns?: KindColumn[]
  /** Fields of `spec` in the order in which they are shown and asked for. */
  form?: string[]
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
