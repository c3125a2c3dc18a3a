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
