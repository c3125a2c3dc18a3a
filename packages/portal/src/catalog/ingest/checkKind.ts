import { EntityRefError, parseEntityRef, stringifyEntityRef, type Json, type JsonObject } from '@callboard/sdk'
import type { ErrorObject, ValidateFunction } from 'ajv'
import { compileSchema } from '../kinds/compileSchema.ts'
import type { KindDefinition } from '../kinds/kindDefinition.ts'
import { storeRelation } from '../kinds/relations.ts'
import { isObject, type Fault } from './checkFields.ts'

/** One edge, stored once. `fromTarget` says that it was the target whose document named it. */
export type Edge = { sourceRef: string; type: string; targetRef: string; fromTarget: boolean }

const validators = new WeakMap<KindDefinition, ValidateFunction>()

/** The first fault of `spec` against the schema of its kind. */
export function findSpecFault(spec: JsonObject | undefined, kind: KindDefinition): Fault | undefined {
  if (spec === undefined) {
    return kind.specRequired
      ? { path: [], reason: "<root> must have required property 'spec' - missingProperty: spec" }
      : undefined
  }
  let validate = validators.get(kind)
  if (!validate) validators.set(kind, (validate = compileSchema(kind.spec)))
  if (validate(spec)) return findManyFault(spec, kind)
  const error = validate.errors?.[0]
  return error && { path: ['spec', ...error.instancePath.split('/').slice(1)], reason: describe(error) }
}

/** A list where the kind wants one ref. */
function findManyFault(spec: JsonObject, { relations }: KindDefinition): Fault | undefined {
  for (const { field, cardinality } of relations) {
    if (cardinality !== 'one') continue
    const path = field.split('.')
    const value = path.reduce<unknown>((parent, key) => (isObject(parent) ? parent[key] : undefined), spec)
    if (Array.isArray(value))
      return { path: ['spec', ...path], reason: `/spec/${path.join('/')} must be one reference, not a list` }
  }
  return undefined
}

function describe(error: ErrorObject): string {
  const params = Object.entries(error.params).map(([key, value]) => `${key}: ${String(value)}`)
  return `/spec${error.instancePath} ${error.message ?? 'is not valid'}${params.length ? ` - ${params.join(', ')}` : ''}`
}

/** The lists that Backstage sorts; elsewhere the order may mean something. */
const SORTED = new Set(['providesApis', 'consumesApis', 'dependsOn', 'dependencyOf', 'memberOf', 'children', 'members'])

/** Lists of refs are sorted, so that their order in a file makes no difference. */
export function sortRefLists(spec: JsonObject, kind: KindDefinition): void {
  for (const { field } of kind.relations) {
    if (!SORTED.has(field)) continue
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
  for (const { field, relation, inverse, defaultKind, defaultNamespace, allowedKinds } of kind.relations) {
    const namespace = defaultNamespace === 'default' ? 'default' : name.namespace
    for (const value of valuesAt(spec, field)) {
      if (!value || typeof value !== 'string') continue
      const target = readRef(value, field, { namespace, ...(defaultKind ? { kind: defaultKind } : {}) })
      if (allowedKinds && !allowedKinds.some(each => each.toLowerCase() === target.kind.toLowerCase())) continue
      const other = stringifyEntityRef(target)
      const { type, isForward } = storeRelation(relation, inverse)
      edges.push(
        isForward
          ? { sourceRef: own, type, targetRef: other, fromTarget: false }
          : { sourceRef: other, type, targetRef: own, fromTarget: true },
      )
    }
  }
  return edges
}

/** The values at a path, which goes through the items of lists. */
function valuesAt(spec: JsonObject, field: string): unknown[] {
  // why: a field of the core kinds is one key, and this runs for every entity.
  if (!field.includes('.')) return [spec[field]].flat()
  const step = (values: unknown[], key: string) => values.flatMap(value => (isObject(value) ? [value[key]].flat() : []))
  return field.split('.').reduce<unknown[]>(step, [spec])
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
