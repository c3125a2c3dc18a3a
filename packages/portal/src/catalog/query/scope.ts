import type { Kernel } from '@callboard/kernel/services'
import type { Actor, Permission } from '@callboard/sdk'
import {
  allOf,
  bindActor,
  findDate,
  parseFilters,
  parsePredicate,
  parseQuery,
  QueryError,
  type Query,
  type QueryNode,
} from '@callboard/sdk/query'
import type { Kysely, RawBuilder } from 'kysely'
import { portalErrors } from '../../errors.ts'
import { findIndex, type CatalogIndex } from '../index/createIndex.ts'
import { compileQuery } from './compileQuery.ts'
import { findOwnership } from './findOwnership.ts'
import { fixedTime, type At } from './isCurrent.ts'
import { seePast, type PolicyAt } from './pastVisibility.ts'
import type { Visible } from './relationSql.ts'

export const PERMISSION = {
  entityRead: { name: 'catalog.entity.read', action: 'read', resourceType: 'catalog-entity' },
  entityDelete: { name: 'catalog.entity.delete', action: 'delete', resourceType: 'catalog-entity' },
  entityRefresh: { name: 'catalog.entity.refresh', action: 'update', resourceType: 'catalog-entity' },
  entityRestore: { name: 'catalog.entity.restore', action: 'create', resourceType: 'catalog-entity' },
  entityValidate: { name: 'catalog.entity.validate' },
  webhookRead: { name: 'catalog.webhook.read', action: 'read' },
  locationRead: { name: 'catalog.location.read', action: 'read' },
  locationCreate: { name: 'catalog.location.create', action: 'create' },
  locationDelete: { name: 'catalog.location.delete', action: 'delete' },
  locationAnalyze: { name: 'catalog.location.analyze' },
} satisfies Record<string, Permission>

/** What one actor may see, ready to be put into statements. Every read of the catalog goes through one. */
export type Scope = {
  db: Kysely<any>
  actor: Actor
  /** The condition on a row; absent while everything is visible. */
  visible: Visible | undefined
  /** What the policies say of a row at any time; absent while everything is visible. */
  policy: PolicyAt | undefined
  /** The same as a tree, for the index. */
  policyTree: QueryNode | undefined
  /** What knows the present without the database; absent in a portal that has none. */
  index: CatalogIndex | undefined
  /** What ages are counted from. */
  now: Date
  /** The time that is asked about; absent for the present. */
  at: At
  /** Puts the actor in the place of `@me`. */
  bind(node: QueryNode): QueryNode
  /** Compiles a tree for the row `e`. */
  compile(node: QueryNode): RawBuilder<unknown>
  /** Compiles a tree for the row `alias`, with relations as of a time that may be a column of it. */
  compileAt(node: QueryNode, alias: string, at: NonNullable<At>): RawBuilder<unknown>
  /** The same actor's view of the catalog at an ISO date or time; without one, of the present. */
  asOf(date: string | undefined): Scope
}

/** The policies' answer to a permission as a condition in SQL: `false` where they say no. */
export async function openScope(kernel: Kernel, actor: Actor, permission: Permission = PERMISSION.entityRead): Promise<Scope> {
  const verdict = await kernel.permissions.decide(permission, actor)
  const now = new Date()
  const owners = await findOwnership(kernel, actor)
  const policyTree = toTree(verdict, owners)
  // why: inside the condition itself relations are taken as they are, or it would need itself.
  const policy: PolicyAt | undefined = policyTree && (at => alias => compileQuery(policyTree, alias, { now, at }))
  return scopeAt({ db: kernel.database.db, actor, owners, policy, policyTree, now, index: findIndex(kernel) }, undefined)
}

type ScopeParts = Pick<Scope, 'db' | 'actor' | 'policy' | 'policyTree' | 'index' | 'now'> & { owners: string[] }

function scopeAt(parts: ScopeParts, date: string | undefined): Scope {
  const { db, actor, policy, policyTree, index } = parts
  const now = date === undefined ? parts.now : new Date(date)
  const at = date === undefined ? undefined : fixedTime(now)
  const visible = policy && (at ? seePast(policy, at) : policy(undefined))
  const bind = (node: QueryNode) => bindActor(node, parts.owners)
  const compile = (node: QueryNode) => {
    if (at) refuseProblems(node)
    return compileQuery(bind(node), 'e', { now, visible, at })
  }
  const compileAt: Scope['compileAt'] = (node, alias, time) => {
    refuseProblems(node)
    const seen = policy && seePast(policy, time)
    return compileQuery(bind(node), alias, { now, visible: seen, at: time })
  }
  const asOf = (other: string | undefined) => scopeAt(parts, other)
  return { db, actor, policy, policyTree, index, now, visible, at, bind, compile, compileAt, asOf }
}

/** What was wrong is not kept. */
function refuseProblems(node: QueryNode): void {
  if (node.type === 'is' && node.state === 'broken') throw portalErrors.QUERY_PAST_PROBLEMS()
  if (node.type === 'not') refuseProblems(node.of)
  if (node.type === 'hop') refuseProblems(node.to)
  if (node.type === 'all' || node.type === 'any') node.of.forEach(refuseProblems)
}

/** What the policies say as a tree; absent while everything is visible. */
function toTree(verdict: Awaited<ReturnType<Kernel['permissions']['decide']>>, owners: string[]): QueryNode | undefined {
  if (!verdict.allowed) return { type: 'any', of: [] }
  if (verdict.when.length === 0) return undefined
  return allOf(verdict.when.map(text => bindActor(parsePresent(text).where, owners)))
}

export type Conditions = { filter?: string[] | undefined; q?: string | undefined; query?: unknown; at?: string | undefined }

/** Backstage's filters and predicates, and a query of our own: all must agree. So must the date of the query and the one beside it. */
export function parseConditions({ filter, q, query: predicate, at }: Conditions): Query {
  const query = withDate(q ? rethrow(() => parseQuery(q)) : { where: { type: 'all', of: [] }, sort: [] }, at)
  const more = [
    ...(filter && filter.length > 0 ? [parseFilterList(filter)] : []),
    ...(predicate === undefined ? [] : [parsePredicate(predicate)]),
  ]
  return more.length > 0 ? { ...query, where: allOf([...more, query.where]) } : query
}

function withDate(query: Query, text: string | undefined): Query {
  if (text === undefined) return query
  const at = parseDate(text)
  if (query.at !== undefined && Date.parse(query.at) !== Date.parse(at)) {
    throw portalErrors.QUERY_TWO_TIMES({ first: query.at, second: at })
  }
  return { ...query, at }
}

/**
 * The canonical form of an ISO date or time; a date means its first moment, as it does in a query.
 *
 * @throws PortalError DATE_INVALID
 */
export function parseDate(text: string): string {
  const at = findDate(text)
  if (at === undefined) throw portalErrors.DATE_INVALID({ text })
  return at
}

/** A query about the present, and about nothing else. */
export function parsePresent(text: string): Query {
  const query = rethrow(() => parseQuery(text))
  if (query.at !== undefined) {
    throw portalErrors.QUERY_INVALID({ reason: 'Only the present can be asked about here.', hint: 'Leave the date (@…) out.' })
  }
  return query
}

function parseFilterList(filter: string[]): QueryNode {
  return rethrow(() => parseFilters(filter))
}

/** A QueryError says where in the text it is; on the wire that is part of the sentence. */
function rethrow<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof QueryError) throw error
    throw portalErrors.FILTER_INVALID({ reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
}
