/** What JSON can hold. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export type EntityLink = { url: string; title?: string; icon?: string; type?: string }

export type EntityMeta = {
  name: string
  namespace?: string
  title?: string
  description?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  tags?: string[]
  links?: EntityLink[]
  /** Assigned by the catalog when the entity first appears; changes when it is deleted and comes back. */
  uid?: string
  /** Changes with the entity's own document, not with incoming relations. */
  etag?: string
  [key: string]: unknown
}

export type EntityRelation = { type: string; targetRef: string }

export type EntityStatusItem = {
  type: string
  level: 'info' | 'warning' | 'error'
  message: string
  error?: { name: string; message: string; code?: string }
}

/** An entity as the catalog serves it. The author of a file writes only the first four keys. */
export type Entity = {
  apiVersion: string
  kind: string
  metadata: EntityMeta
  spec?: JsonObject
  relations?: EntityRelation[]
  status?: { items?: EntityStatusItem[] }
}

/** Written by the catalog itself. */
export const ANNOTATION = {
  location: 'backstage.io/managed-by-location',
  originLocation: 'backstage.io/managed-by-origin-location',
  orphan: 'backstage.io/orphan',
  viewUrl: 'backstage.io/view-url',
  editUrl: 'backstage.io/edit-url',
  sourceLocation: 'backstage.io/source-location',
} as const
