import type { Entity } from '@callboard/sdk'
import { hash } from 'node:crypto'
import type { KindDefinition } from '../kinds/kindDefinition.ts'
import { CORE_KINDS } from '../kinds/kinds.ts'
import type { Edge } from './checkKind.ts'
import type { ProcessedEntity } from './processDocument.ts'
import { searchRowsOf, termOf } from './searchRows.ts'

/** An entity with all that is stored beside it to be asked about. */
export type PreparedEntity = {
  ref: string
  entity: Entity
  edges: Edge[]
  /** SHA-1 of the document, 40 hex digits: equal for equal documents of a kind that means the same. */
  etag: string
  location: string
  /** Its JSON in two parts: what the catalog adds to the metadata goes between them. */
  json: [string, string]
  terms: string
  fields: string
  words: string
}

/** All the work that needs no database, so that it can be done while the database is busy with the batch before. */
export function prepareEntity({ ref, entity, edges, kind }: ProcessedEntity, location: string): PreparedEntity {
  const { metadata, spec, ...head } = entity
  const json: [string, string] = [
    withoutNul(`${JSON.stringify(head).slice(0, -1)},"metadata":${JSON.stringify(metadata).slice(0, -1)}`),
    withoutNul(spec === undefined ? '}}' : `},"spec":${JSON.stringify(spec)}}`),
  ]
  const etag = hash('sha1', json.join('') + meaningOf(kind))
  return { ref, entity, edges, etag, location, json, ...indexOf(entity), words: withoutNul(wordsOf(entity, kind)) }
}

/** The values of one row of `entity_version` and `entity_body`. */
export type EntityRow = {
  ref: string
  uid: string
  version: number
  kind: string
  namespace: string
  name: string
  title: string | null
  type: string | null
  lifecycle: string | null
  kindText: string
  typeText: string | null
  lifecycleText: string | null
  terms: string
  etag: string
  location: string
  body: string
  fields: string
  words: string
}

/** The rows of a new version. */
export function toRow(prepared: PreparedEntity, uid: string, version: number): EntityRow {
  const { ref, entity, etag, location, json, terms, fields, words } = prepared
  const { metadata, spec } = entity
  const typeText = textOf(spec?.type)
  const lifecycleText = textOf(spec?.lifecycle)
  return {
    ref,
    uid,
    version,
    kind: entity.kind.toLowerCase(),
    namespace: (metadata.namespace ?? 'default').toLowerCase(),
    name: metadata.name.toLowerCase(),
    title: textOf(metadata.title)?.toLowerCase() ?? null,
    type: typeText?.toLowerCase() ?? null,
    lifecycle: lifecycleText?.toLowerCase() ?? null,
    kindText: entity.kind,
    typeText,
    lifecycleText,
    terms,
    etag,
    location,
    body: `${json[0]},"uid":"${uid}","etag":"${etag}"${json[1]}`,
    fields,
    words,
  }
}

const LONGEST_SORTED = 200

function textOf(value: unknown): string | null {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null
  const text = String(value)
  return text.length > LONGEST_SORTED ? null : text
}

function indexOf(entity: Entity): { terms: string; fields: string } {
  const terms = new Set<number>()
  const fields: Record<string, string[]> = {}
  for (const { key, value } of searchRowsOf(entity)) {
    terms.add(termOf(key))
    if (value === null) continue
    terms.add(termOf(key, value))
    const values = (fields[key] ??= [])
    if (!values.includes(value)) values.push(value)
  }
  return { terms: `{${[...terms].join(',')}}`, fields: withoutNul(JSON.stringify(fields)) }
}

/** What an entity's relations and words are made by, where it is not as in every portal: then the entity has another version. */
function meaningOf(kind: KindDefinition): string {
  if (CORE_KINDS.includes(kind)) return ''
  let meaning = meanings.get(kind)
  if (meaning === undefined) meanings.set(kind, (meaning = JSON.stringify([kind.relations, kind.searchable])))
  return meaning
}

const meanings = new WeakMap<KindDefinition, string>()

function wordsOf({ metadata, spec }: Entity, { searchable }: KindDefinition): string {
  const more = searchable.flatMap(path => [path.split('.').reduce<unknown>(childOf, spec)].flat())
  const parts = [metadata.name, metadata.title, metadata.description, ...(metadata.tags ?? []), ...more]
  return parts
    .filter(part => typeof part === 'string')
    .join('\n')
    .toLowerCase()
}

function childOf(parent: unknown, key: string): unknown {
  return typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key) ? Reflect.get(parent, key) : undefined
}

/** PostgreSQL stores every character but NUL. */
function withoutNul(text: string): string {
  return text.replaceAll('\\u0000', '').replaceAll('\u0000', '')
}
