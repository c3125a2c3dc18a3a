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

/** One state of an entity. `until` is null for the current one. */
export type EntityVersion = {
  version: number
  at: string
  until: string | null
  cause: 'added' | 'changed' | 'removed' | 'orphaned'
  actor: string
  location: string | null
  etag: string
}
