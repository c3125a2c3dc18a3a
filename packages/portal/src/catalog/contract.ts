import type { JsonObject } from '@callboard/sdk/entity'
import type { KindColumn, RelationField } from './kinds/kindDefinition.ts'

// The shapes that the catalog's API and its pages share, beyond the sdk's entities.

/** Something that is wrong now, with its place as far as it is known. */
export type Problem = {
  code: string
  level: 'error' | 'warning'
  message: string
  hint: string
  /** Ref of the entity that it concerns. */
  ref: string | null
  /** `<type>:<target>` of the file, URL or plugin. */
  location: string
  line: number | null
  column: number | null
  at: string
}

/** What happened to an entity. `restored`: brought back from its history by somebody, and declared by no source. */
export const CHANGE_CAUSES = ['added', 'changed', 'removed', 'orphaned', 'restored'] as const

export type ChangeCause = (typeof CHANGE_CAUSES)[number]

/** One state of an entity. `until` is null for the current one. */
export type EntityVersion = {
  version: number
  at: string
  until: string | null
  cause: ChangeCause
  actor: string
  /** Why, in the words of whoever did it. */
  reason: string | null
  location: string | null
  etag: string
}

/** One change of the catalog, in the order in which changes were made. */
export type CatalogChange = {
  /** Grows with every change; what a reader goes on from. */
  revision: number
  at: string
  ref: string
  kind: string
  change: ChangeCause
  version: number
  etag: string
  actor: string
  reason: string | null
  location: string | null
}

/** What may be in the catalog, as `GET /kinds` tells it. */
export type KindInfo = {
  kind: string
  plural: string
  apiVersions: string[]
  description: string
  icon: string
  /** JSON Schema of `spec`. */
  spec: JsonObject
  relations: RelationField[]
  /** Columns of its list behind the name; without any, the usual ones. */
  columns: KindColumn[]
  /** Fields of `spec` in the order in which they are shown. */
  form: string[]
}

/** How a source is: a file, a URL, a registration or a plugin that feeds the catalog. */
export type SourceState = {
  /** `<type>:<target>`. */
  key: string
  type: string
  target: string
  origin: string
  readAt: string | null
  /** Null where nobody asks by the clock, as for files, which are watched. */
  nextReadAt: string | null
  durationMs: number | null
  isReading: boolean
  /** Readings that failed since the last good one, and why the last one did. */
  failures: number
  error: string | null
  /** How many entities it holds. */
  entities: number
}
