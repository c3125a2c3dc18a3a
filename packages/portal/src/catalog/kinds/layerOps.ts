import type { JsonObject } from '@callboard/sdk'
import { isObject } from '../ingest/checkFields.ts'
import { mergeSchemas } from './addKind.ts'
import { compileSchema } from './compileSchema.ts'
import type { KindDefinition, RelationField } from './kindDefinition.ts'
import { KindFault } from './kindFault.ts'
import type { LayerOp, LayerRelationField } from './layerSchema.ts'
import { findInverse } from './relations.ts'

/** What layers work on: the definitions, the group of each kind they declare, and the names of relations at their other end. */
export type LayerState = { definitions: KindDefinition[]; groups: Map<string, string>; inverses: Map<string, string> }

const ORDER = [
  'declareRelation',
  'updateRelation',
  'declareKind',
  'declareKindVersion',
  'updateKind',
  'updateKindVersion',
  'removeKind',
]

/** Names of relations first, then declarations, updates and removals; within these, the order of the files. */
export function sortOps<T extends { op: LayerOp }>(ops: T[]): T[] {
  const rank = ({ op }: T) => ORDER.indexOf(op.op.split('.')[0] ?? '')
  return ops.toSorted((a, b) => rank(a) - rank(b))
}

/** @throws KindFault */
export function applyLayer(state: LayerState, op: LayerOp): void {
  switch (op.op) {
    case 'declareRelation.v1':
      return nameInverse(state, op.type, op.properties.reverseType)
    case 'updateRelation.v1':
      return op.properties.reverseType === undefined ? undefined : nameInverse(state, op.type, op.properties.reverseType)
    case 'declareKind.v1':
      return declareKind(state, op)
    case 'declareKindVersion.v1':
      return declareVersion(state, op)
    case 'updateKind.v1':
      requireKind(state, op.kind)
      state.definitions = state.definitions.map(each =>
        each.kind === op.kind ? { ...each, ...pick(op.properties.plural, op.properties.description) } : each,
      )
      return
    case 'updateKindVersion.v1':
      return updateVersion(state, op)
    case 'removeKind.v1':
      requireKind(state, op.kind)
      state.definitions = state.definitions.filter(each => each.kind !== op.kind)
      return
    default:
  }
}

type Op<N extends LayerOp['op']> = Extract<LayerOp, { op: N }>

function nameInverse({ inverses }: LayerState, type: string, reverse: string): void {
  const known = findInverse(type) ?? inverses.get(type) ?? reverse
  const back = findInverse(reverse) ?? inverses.get(reverse) ?? type
  if (type === reverse) throw new KindFault(['properties', 'reverseType'], `${type} needs another name at its other end`)
  if (known !== reverse) throw new KindFault(['properties', 'reverseType'], `the inverse of ${type} is ${known}, not ${reverse}`)
  if (back !== type) throw new KindFault(['properties', 'reverseType'], `${reverse} is the inverse of ${back} already`)
  inverses.set(type, reverse).set(reverse, type)
}

/** The kind as it is declared takes the place of one that every portal has. */
function declareKind(state: LayerState, { kind, group, properties }: Op<'declareKind.v1'>): void {
  if (state.groups.has(kind)) throw new KindFault(['kind'], `the kind ${kind} is declared more than once`)
  const { plural, description } = properties
  const icon = state.definitions.find(each => each.kind === kind)?.icon ?? 'puzzle'
  state.groups.set(kind, group)
  state.definitions = [
    ...state.definitions.filter(each => each.kind !== kind),
    {
      kind,
      plural,
      description,
      icon,
      apiVersions: [],
      spec: { type: 'object' },
      specRequired: false,
      relations: [],
      searchable: [],
    },
  ]
}

function declareVersion(state: LayerState, op: Op<'declareKindVersion.v1'>): void {
  const known = requireKind(state, op.kind)
  const apiVersion = versionOf(state, known, op.name)
  const added = { ...known, apiVersions: [apiVersion], ...describe(op.properties, state) }
  if (op.specType !== undefined) added.specType = op.specType
  else delete added.specType
  const isTaken = state.definitions.some(each => isVersion(each, op, apiVersion))
  if (isTaken) throw new KindFault(['name'], `the version ${op.name} of ${op.kind} is declared more than once`)
  const others = state.definitions.filter(each => each.kind !== op.kind || each.apiVersions.length > 0)
  state.definitions = [...others, added]
}

function updateVersion(state: LayerState, op: Op<'updateKindVersion.v1'>): void {
  const apiVersion = versionOf(state, requireKind(state, op.kind), op.name)
  const known = state.definitions.find(each => isVersion(each, op, apiVersion))
  if (!known)
    throw new KindFault(['name'], `${op.kind} has no version ${op.name}${op.specType ? ` for the type ${op.specType}` : ''}`)
  const { relationFields, schema } = op.properties
  const spec = schema ? mergeSchemas(known.spec, specOf(schema.jsonSchema).spec) : known.spec
  requireSchema(spec)
  const changed = { ...known, spec, ...(relationFields ? { relations: relationFields.map(each => toField(each, state)) } : {}) }
  state.definitions = state.definitions.map(each => (each === known ? changed : each))
}

function requireKind(state: LayerState, kind: string): KindDefinition {
  const known = state.definitions.find(each => each.kind === kind)
  if (!known) throw new KindFault(['kind'], `the kind ${kind} is not known`)
  return known
}

function versionOf(state: LayerState, known: KindDefinition, name: string): string {
  return `${state.groups.get(known.kind) ?? known.apiVersions[0]?.split('/')[0]}/${name}`
}

function isVersion(each: KindDefinition, op: { kind: string; specType?: string | undefined }, apiVersion: string): boolean {
  return each.kind === op.kind && each.specType === op.specType && each.apiVersions.includes(apiVersion)
}

function describe({ schema, relationFields = [] }: Op<'declareKindVersion.v1'>['properties'], state: LayerState) {
  const { spec, specRequired } = specOf(schema.jsonSchema)
  requireSchema(spec)
  return { spec, specRequired, relations: relationFields.map(each => toField(each, state)) }
}

/** The part of a schema of whole entities that is about `spec`, with what it refers to. */
function specOf(root: JsonObject): { spec: JsonObject; specRequired: boolean } {
  const properties = isObject(root.properties) ? root.properties : {}
  const spec = isObject(properties.spec) ? properties.spec : { type: 'object' }
  const shared = Object.fromEntries(['definitions', '$defs'].flatMap(key => (root[key] === undefined ? [] : [[key, root[key]]])))
  return { spec: { ...shared, ...spec }, specRequired: Array.isArray(root.required) && root.required.includes('spec') }
}

function toField({ selector, ...field }: LayerRelationField, { inverses }: LayerState): RelationField {
  const inverse = findInverse(field.relation) ?? inverses.get(field.relation) ?? `${field.relation}Of`
  return { ...field, field: selector.path.slice('spec.'.length), inverse }
}

function requireSchema(spec: JsonObject): void {
  try {
    compileSchema(spec)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new KindFault(['properties', 'schema'], `this is not a JSON Schema: ${reason}`)
  }
}

function pick(plural: string | undefined, description: string | undefined) {
  return { ...(plural === undefined ? {} : { plural }), ...(description === undefined ? {} : { description }) }
}
