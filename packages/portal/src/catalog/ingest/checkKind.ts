import { EntityRefError, parseEntityRef, stringifyEntityRef, type Json, type JsonObject } from '@callboard/sdk'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { KindDefinition } from '../kinds/kindDefinition.ts'
import { inverseOf, isStored } from '../kinds/relations.ts'
import type { Fault } from './checkFields.ts'

/** One edge, stored once. `fromTarget` says that it was the target whose document named it. */
export type Edge = { sourceRef: string; type: string; targetRef: string; fromTarget: boolean }

const ajv = new Ajv({ allErrors: false, allowUnionTypes: true, strictRequired: false })
const validators = new WeakMap<KindDefinition, ValidateFunction>()

/** The first fault of `spec` against the schema of its kind. */
export function findSpecFault(spec: JsonObject | undefined, kind: KindDefinition): Fault | undefined {
  if (spec === undefined) {
    return kind.specRequired
      ? { path: [], reason: "<root> must have required property 'spec' - missingProperty: spec" }
      : undefined
  }
  let validate = validators.get(kind)
  if (!validate) validators.set(kind, (validate = ajv.compile(kind.spec)))
  if (validate(spec)) return undefined
  const error = validate.errors?.[0]
  return error && { path: ['spec', ...error.instancePath.split('/').slice(1)], reason: describe(error) }
}

function describe(error: ErrorObject): string {
  const params = Object.entries(error.params).map(([key, value]) => `${key}: ${String(value)}`)
  return `/spec${error.instancePath} ${error.message ?? 'is not valid'}${params.length ? ` - ${params.join(', ')}` : ''}`
}

/** Lists of refs are sorted, so that their order in a file makes no difference. */
export function sortRefLists(spec: JsonObject, kind: KindDefinition): void {
  for (const { field } of kind.relations) {
    const value = spec[field]
    if (Array.isArray(value) && value.every(item => typeof item === 'string')) value.sort(compareCodeUnits)
  }
}

function compareCodeUnits(a: Json, b: Json): number {
  return a === b ? 0 : String(a) < String(b) ? -1 : 1
}

/**
 * The edges that an entity's own document makes.
 *
 * @throws EntityRefError with the name of the field in front
 */
export function edgesOf(name: { kind: string; namespace: string; name: string }, spec: JsonObject, kind: KindDefinition): Edge[] {
  const own = stringifyEntityRef(name)
  const edges: Edge[] = []
  for (const { field, relation, defaultKind } of kind.relations) {
    for (const value of [spec[field] ?? []].flat()) {
      if (!value || typeof value !== 'string') continue
      const other = stringifyEntityRef(
        readRef(value, field, { namespace: name.namespace, ...(defaultKind ? { kind: defaultKind } : {}) }),
      )
      edges.push(
        isStored(relation)
          ? { sourceRef: own, type: relation, targetRef: other, fromTarget: false }
          : { sourceRef: other, type: inverseOf(relation), targetRef: own, fromTarget: true },
      )
    }
  }
  return edges
}

function readRef(ref: string, field: string, defaults: { kind?: string; namespace: string }) {
  try {
    return parseEntityRef(ref, defaults)
  } catch (error) {
    if (error instanceof EntityRefError) throw new RelationFault(field, error.message)
    throw error
  }
}

/** A field of `spec` that should be a ref and is not. */
export class RelationFault extends Error {
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}
