import type { EntityRelation } from '@callboard/sdk/entity'

/** How a relation reads from the entity that has it; in the order in which they are shown. */
const LABELS: Record<string, string> = {
  ownedBy: 'Owned by',
  partOf: 'Part of',
  childOf: 'Child of',
  memberOf: 'Member of',
  hasPart: 'Has part',
  parentOf: 'Parent of',
  hasMember: 'Has member',
  providesApi: 'Provides API',
  consumesApi: 'Consumes API',
  apiProvidedBy: 'API provided by',
  apiConsumedBy: 'API consumed by',
  dependsOn: 'Depends on',
  dependencyOf: 'Dependency of',
  ownerOf: 'Owner of',
}

export type RelationGroup = { type: string; label: string; refs: string[] }

/** Relations by type: the well-known ones first, those of plugins behind them under their own names. */
export function groupRelations(relations: EntityRelation[]): RelationGroup[] {
  const order = Object.keys(LABELS)
  const groups = Map.groupBy(relations, ({ type }) => type)
  return [...groups]
    .map(([type, members]) => ({
      type,
      label: LABELS[type] ?? describeType(type),
      refs: [...new Set(members.map(({ targetRef }) => targetRef))].toSorted((a, b) => a.localeCompare(b)),
    }))
    .toSorted((a, b) => rank(order, a.type) - rank(order, b.type) || a.label.localeCompare(b.label))
}

function rank(order: string[], type: string): number {
  const at = order.indexOf(type)
  return at === -1 ? order.length : at
}

/** `deployedTo` becomes "Deployed to". */
function describeType(type: string): string {
  const words = type.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
