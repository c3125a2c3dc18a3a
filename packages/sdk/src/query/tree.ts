/**
 * A question about entities. Fields are lower-case search paths (`metadata.name`, `relations.ownedby`), values are lower
 * case, and refs are canonical.
 */
export type QueryNode = AllNode | AnyNode | NotNode | WordsNode | FieldNode | HopNode | IsNode

/** And. With nothing in it, it matches everything. */
export type AllNode = { type: 'all'; of: QueryNode[] }

/** Or. With nothing in it, it matches nothing. */
export type AnyNode = { type: 'any'; of: QueryNode[] }

export type NotNode = { type: 'not'; of: QueryNode }

/** One word or one phrase of full text: name, title, description, tags. */
export type WordsNode = { type: 'words'; text: string }

export type FieldNode = InNode | MatchNode | ExistsNode | CompareNode

/** The field equals one of `values`, of which there is at least one. In `relations.*` the value `@me` stands for the actor. */
export type InNode = { type: 'field'; field: string; op: 'in'; values: string[] }

/** The field matches one of `patterns`: `*` is any text, `\*` and `\\` are the characters themselves. See `splitPattern`. */
export type MatchNode = { type: 'field'; field: string; op: 'match'; patterns: string[] }

export type ExistsNode = { type: 'field'; field: string; op: 'exists' }

/** The field lies before or behind `value`. The fields `created` and `changed` are the entity's own times. */
export type CompareNode = { type: 'field'; field: string; op: CompareOp; value: CompareValue }

export type CompareOp = 'lt' | 'lte' | 'gt' | 'gte'

/** What a field is compared with; `getMoment` turns the last two into a time. */
export type CompareValue =
  | { type: 'number'; number: number }
  /** `2026-01-01` (midnight, UTC) or `2026-01-01T10:30:00Z`. */
  | { type: 'date'; date: string }
  /** The moment that lies so long before now: `changed<7d` is `gt` 7 days ago. */
  | { type: 'ago'; count: number; unit: AgeUnit }

/** Hour, day, week, month, year. */
export type AgeUnit = 'h' | 'd' | 'w' | 'm' | 'y'

/** An entity that `to` matches is one hop away along the relation (lower case), or any number of hops when transitive. */
export type HopNode = { type: 'hop'; relation: string; transitive: boolean; to: QueryNode }

export type IsNode = { type: 'is'; state: EntityState }

/** Has no source any more; has problems; is starred by the actor. */
export type EntityState = 'orphan' | 'broken' | 'starred'

export type QuerySort = { field: string; descending: boolean }

/** A whole query: what to find, in which order, and as of which time (an ISO date or time; without it, now). */
export type Query = { where: QueryNode; sort: QuerySort[]; at?: string }

/** Matches what every one of the nodes matches; nested `all` nodes become one. */
export function allOf(nodes: readonly QueryNode[]): QueryNode {
  const of = nodes.flatMap(node => (node.type === 'all' ? node.of : [node]))
  return of.length === 1 && of[0] ? of[0] : { type: 'all', of }
}

/** Matches what at least one of the nodes matches; nested `any` nodes become one. */
export function anyOf(nodes: readonly QueryNode[]): QueryNode {
  const of = nodes.flatMap(node => (node.type === 'any' ? node.of : [node]))
  return of.length === 1 && of[0] ? of[0] : { type: 'any', of }
}

/** Matches what the node does not match; negated twice, it is the node again. */
export function negate(node: QueryNode): QueryNode {
  if (node.type === 'not') return node.of
  if (node.type === 'all' && node.of.length === 0) return { type: 'any', of: [] }
  if (node.type === 'any' && node.of.length === 0) return { type: 'all', of: [] }
  return { type: 'not', of: node }
}

/** Makes equal trees of queries that differ only in nesting, as `parseQuery` does. */
export function normalize(node: QueryNode): QueryNode {
  if (node.type === 'all') return allOf(node.of.map(normalize))
  if (node.type === 'any') return anyOf(node.of.map(normalize))
  if (node.type === 'not') return negate(normalize(node.of))
  if (node.type === 'hop') return { ...node, to: normalize(node.to) }
  return node
}
