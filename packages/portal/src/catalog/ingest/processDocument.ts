import { ANNOTATION, stringifyEntityRef, type Entity, type JsonObject, type PortalError } from '@callboard/sdk'
import { portalErrors } from '../../errors.ts'
import type { KindDefinition } from '../kinds/kindDefinition.ts'
import type { Model } from '../kinds/model.ts'
import { isScriptUrl } from '../locationRef.ts'
import { findEnvelopeFault, findFieldFault, isObject, type Fault } from './checkFields.ts'
import { edgesOf, findSpecFault, RelationFault, sortRefLists, type Edge } from './checkKind.ts'
import { findCaseClash } from './searchRows.ts'

/** Where a document was read, as annotations tell it. */
export type Provenance = {
  /** `<type>:<target>` of the file or plugin. */
  location: string
  /** `<type>:<target>` of the registration that led there. */
  origin: string
  /** Further annotations of documents that were read from a URL. An author's own values win. */
  extra?: Record<string, string>
}

export type ProcessedEntity = { ref: string; entity: Entity; edges: Edge[]; kind: KindDefinition }

export type ProcessedDocument =
  | { status: 'ok'; processed: ProcessedEntity }
  | { status: 'bad'; error: PortalError; path: (string | number)[]; ref: string | undefined }

/** Turns one document, as its author wrote it, into an entity and its edges, or says what is wrong with it. */
export function processDocument(document: unknown, provenance: Provenance, model: Model): ProcessedDocument {
  if (!isObject(document)) return bad(portalErrors.DESCRIPTOR_ROOT({ type: nameOf(document) }), [])
  const envelope = findEnvelopeFault(document)
  if (envelope) return bad(portalErrors.DESCRIPTOR_ENVELOPE({ reason: envelope.reason }), envelope.path)

  // why: findEnvelopeFault has seen apiVersion, kind and metadata.name.
  const entity = document as unknown as Entity & { spec?: JsonObject }
  const ref = stringifyEntityRef(entity)
  const field = findFieldFault(document)
  if (field)
    return bad(portalErrors.DESCRIPTOR_FIELD({ ref, reason: field.reason, field: field.path.join('.') }), field.path, ref)
  const kind = model.find(entity.kind, entity.apiVersion, entity.spec?.type)
  if (!kind) {
    const known = model.kinds.map(each => each.kind).join(', ')
    const values = { ref, kind: entity.kind, apiVersion: entity.apiVersion, known }
    return bad(portalErrors.DESCRIPTOR_KIND_UNKNOWN(values), ['kind'], ref)
  }
  const fault = findSpecFault(entity.spec, kind)
  if (fault) return badKind(fault, ref, kind.kind)
  const clash = findCaseClash(entity)
  if (clash) return bad(portalErrors.DESCRIPTOR_CASE({ keys: clash }), clash.split('.'), ref)

  const complete = annotate(entity, provenance)
  if (complete.spec) sortRefLists(complete.spec, kind)
  try {
    const name = { kind: entity.kind, namespace: complete.metadata.namespace ?? 'default', name: entity.metadata.name }
    return { status: 'ok', processed: { ref, entity: complete, edges: edgesOf(name, complete.spec ?? {}, kind), kind } }
  } catch (error) {
    if (!(error instanceof RelationFault)) throw error
    const path = ['spec', ...error.field.split('.')]
    return bad(portalErrors.DESCRIPTOR_RELATION({ ref, field: path.join('.'), reason: error.message }), path, ref)
  }
}

function bad(error: PortalError, path: (string | number)[], ref?: string): ProcessedDocument {
  return { status: 'bad', error, path, ref }
}

function badKind(fault: Fault, ref: string, kind: string): ProcessedDocument {
  return bad(
    portalErrors.DESCRIPTOR_KIND({ ref, reason: fault.reason, field: fault.path.join('.') || 'spec', kind }),
    fault.path,
    ref,
  )
}

function nameOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value
}

const REJECTED_URL = 'https://backstage.io/annotation-rejected-for-security-reasons'

function annotate(entity: Entity & { spec?: JsonObject }, { location, origin, extra }: Provenance): Entity {
  const { name, namespace = 'default', annotations, ...metadata } = entity.metadata
  const all: Record<string, string> = {
    ...extra,
    ...annotations,
    [ANNOTATION.location]: location,
    [ANNOTATION.originLocation]: origin,
  }
  delete all[ANNOTATION.orphan]
  for (const key of [ANNOTATION.viewUrl, ANNOTATION.editUrl]) {
    if (all[key] && isScriptUrl(all[key])) all[key] = REJECTED_URL
  }
  return {
    apiVersion: entity.apiVersion,
    kind: entity.kind,
    metadata: { name, namespace, ...metadata, annotations: all },
    ...(entity.spec === undefined ? {} : { spec: entity.spec }),
  }
}
