import type { Entity, EntityRelation } from '@callboard/sdk'

/** One difference. The path is a JSON pointer (RFC 6901); of a list of plain values it is that of the list, once for each value. */
export type EntityChange = { path: string; op: 'added' | 'removed' | 'changed'; from?: unknown; to?: unknown }

/**
 * What differs between two states of an entity, in the order of the paths. Lists of plain values are compared as sets, relations
 * stand under their types; uid and etag, which are the catalog's own, are left out. Without a state, all of the other one differs.
 */
export function diffEntities(from: Entity | undefined, to: Entity | undefined): EntityChange[] {
  const changes: EntityChange[] = []
  compare('', toDocument(from), toDocument(to), changes)
  compareRelations(from?.relations ?? [], to?.relations ?? [], changes)
  return changes
}

/** An entity as its author would write it: without what the catalog adds beside the document. */
export function toDocument(entity: Entity | undefined): Record<string, unknown> {
  if (!entity) return {}
  const { relations: _relations, status: _status, metadata, ...rest } = entity
  const { uid: _uid, etag: _etag, ...kept } = metadata
  return { ...rest, metadata: kept }
}

function compare(path: string, from: unknown, to: unknown, changes: EntityChange[]): void {
  if (isRecord(from) && isRecord(to)) {
    for (const key of [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted()) {
      compareKey(`${path}/${escapePointer(key)}`, key, from, to, changes)
    }
  } else if (isPlainList(from) && isPlainList(to)) {
    compareSets(path, from, to, changes)
  } else if (Array.isArray(from) && Array.isArray(to)) {
    for (let index = 0; index < Math.max(from.length, to.length); index++) {
      compareKey(`${path}/${index}`, String(index), { ...from }, { ...to }, changes)
    }
  } else if (JSON.stringify(from) !== JSON.stringify(to)) {
    changes.push({ path, op: 'changed', from, to })
  }
}

function compareKey(
  path: string,
  key: string,
  from: Record<string, unknown>,
  to: Record<string, unknown>,
  changes: EntityChange[],
): void {
  if (!Object.hasOwn(from, key)) changes.push({ path, op: 'added', to: to[key] })
  else if (!Object.hasOwn(to, key)) changes.push({ path, op: 'removed', from: from[key] })
  else compare(path, from[key], to[key], changes)
}

function compareSets(path: string, from: unknown[], to: unknown[], changes: EntityChange[]): void {
  for (const value of new Set(from)) if (!to.includes(value)) changes.push({ path, op: 'removed', from: value })
  for (const value of new Set(to)) if (!from.includes(value)) changes.push({ path, op: 'added', to: value })
}

function compareRelations(from: EntityRelation[], to: EntityRelation[], changes: EntityChange[]): void {
  const refsOf = (relations: EntityRelation[], type: string) =>
    relations.filter(each => each.type === type).map(each => each.targetRef)
  for (const type of [...new Set([...from, ...to].map(each => each.type))].toSorted()) {
    compareSets(`/relations/${escapePointer(type)}`, refsOf(from, type), refsOf(to, type), changes)
  }
}

/** Whether a list holds nothing but texts, numbers and the like. */
export function isPlainList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.every(each => typeof each !== 'object' || each === null)
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
