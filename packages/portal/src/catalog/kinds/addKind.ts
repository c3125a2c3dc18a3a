import type { JsonObject } from '@callboard/sdk'
import { isKind } from '../ingest/fieldFormats.ts'
import { compileSchema } from './compileSchema.ts'
import { CORE_API_VERSIONS, type KindDefinition, type RelationField } from './kindDefinition.ts'
import type { KindEntry } from './kindEntry.ts'
import { KindFault } from './kindFault.ts'

/**
 * The definitions with one more kind, or with more of one that is there: of every definition that it has.
 *
 * @throws KindFault
 */
export function addKind(definitions: readonly KindDefinition[], kind: string, entry: KindEntry): KindDefinition[] {
  if (!isKind(kind)) throw new KindFault([], 'is not a name of a kind: letters and digits, a letter first')
  const other = definitions.find(each => each.kind !== kind && each.kind.toLowerCase() === kind.toLowerCase())
  if (other) throw new KindFault([], `is spelled ${other.kind} elsewhere; kinds do not differ in case alone`)
  if (entry.spec) requireSchema(entry.spec)
  if (!definitions.some(each => each.kind === kind)) return [...definitions, newKind(kind, entry)]
  return definitions.map(each => (each.kind === kind ? extend(each, entry) : each))
}

function newKind(kind: string, entry: KindEntry): KindDefinition {
  const spec: JsonObject = { type: 'object', ...entry.spec }
  return {
    kind,
    plural: entry.plural ?? `${kind}s`,
    apiVersions: entry.apiVersions ?? CORE_API_VERSIONS,
    description: entry.description ?? '',
    icon: entry.icon ?? 'puzzle',
    spec,
    specRequired: listOf(spec.required).length > 0,
    relations: entry.relations ?? [],
    searchable: entry.searchable ?? [],
    ...(entry.columns ? { columns: entry.columns } : {}),
    ...(entry.form ? { form: entry.form } : {}),
  }
}

function extend(known: KindDefinition, entry: KindEntry): KindDefinition {
  const spec = entry.spec ? mergeSchemas(known.spec, entry.spec) : known.spec
  // why: what is merged can be wrong though each half is right.
  if (entry.spec) requireSchema(spec)
  return {
    ...known,
    plural: entry.plural ?? known.plural,
    apiVersions: [...new Set([...known.apiVersions, ...(entry.apiVersions ?? [])])],
    description: entry.description ?? known.description,
    icon: entry.icon ?? known.icon,
    spec,
    specRequired: known.specRequired || listOf(spec.required).length > 0,
    relations: [
      ...known.relations.filter(each => !entry.relations?.some(added => isSame(added, each))),
      ...(entry.relations ?? []),
    ],
    searchable: [...new Set([...known.searchable, ...(entry.searchable ?? [])])],
    ...(entry.columns ? { columns: [...(known.columns ?? []), ...entry.columns] } : {}),
    ...(entry.form ? { form: entry.form } : {}),
  }
}

function isSame(a: RelationField, b: RelationField): boolean {
  return a.field === b.field && a.relation === b.relation
}

/** Properties are added or replaced, required ones are joined, and null takes away; the rest is as the addition says. */
export function mergeSchemas(base: JsonObject, addition: JsonObject): JsonObject {
  const merged: JsonObject = { ...base }
  for (const [key, value] of Object.entries(addition)) {
    const known = base[key]
    if (value === null) delete merged[key]
    else if (key === 'required' && Array.isArray(value)) merged[key] = [...new Set([...listOf(known), ...value])]
    else merged[key] = isMap(known) && isMap(value) ? mergeSchemas(known, value) : value
  }
  return merged
}

function isMap(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
}

function requireSchema(spec: JsonObject): void {
  try {
    compileSchema(spec)
  } catch (error) {
    throw new KindFault(['spec'], `is not a JSON Schema: ${error instanceof Error ? error.message : String(error)}`)
  }
}
