import type { Kernel } from '@callboard/kernel/services'
import type { Actor, Permission } from '@callboard/sdk'
import { allOf, bindActor, parseFilters, parseQuery, QueryError, type Query, type QueryNode } from '@callboard/sdk/query'
import { sql, type Kysely, type RawBuilder } from 'kysely'
import { portalErrors } from '../../errors.ts'
import { compileQuery } from './compileQuery.ts'
import type { Visible } from './relationSql.ts'

export const PERMISSION = {
  entityRead: { name: 'catalog.entity.read', action: 'read', resourceType: 'catalog-entity' },
  entityDelete: { name: 'catalog.entity.delete', action: 'delete', resourceType: 'catalog-entity' },
  entityRefresh: { name: 'catalog.entity.refresh', action: 'update', resourceType: 'catalog-entity' },
  entityValidate: { name: 'catalog.entity.validate' },
  locationRead: { name: 'catalog.location.read', action: 'read' },
  locationCreate: { name: 'catalog.location.create', action: 'create' },
  locationDelete: { name: 'catalog.location.delete', action: 'delete' },
} satisfies Record<string, Permission>

/** What one actor may see, ready to be put into statements. Every read of the catalog goes through one. */
export type Scope = {
  db: Kysely<any>
  actor: Actor
  /** The condition on a row; absent while everything is visible. */
  visible: Visible | undefined
  /** Compiles a tree for the row `e`. */
  compile(node: QueryNode): RawBuilder<unknown>
}

/** The policies' answer to a permission as a condition in SQL: `false` where they say no. */
export async function openScope(kernel: Kernel, actor: Actor, permission: Permission = PERMISSION.entityRead): Promise<Scope> {
  const verdict = await kernel.permissions.decide(permission, actor)
  const now = new Date()
  const visible = toVisible(verdict, actor, now)
  return {
    db: kernel.database.db,
    actor,
    visible,
    compile: node => compileQuery(bindActor(node, actor.ownershipRefs), 'e', { now, visible }),
  }
}

function toVisible(verdict: Awaited<ReturnType<Kernel['permissions']['decide']>>, actor: Actor, now: Date): Visible | undefined {
  if (!verdict.allowed) return () => sql`false`
  if (verdict.when.length === 0) return undefined
  const tree = allOf(verdict.when.map(text => bindActor(parseText(text).where, actor.ownershipRefs)))
  // why: inside the condition itself relations are taken as they are, or it would need itself.
  return alias => compileQuery(tree, alias, { now })
}

/** Backstage's filters and a query of our own: both must agree. */
export function parseConditions({ filter, q }: { filter?: string[] | undefined; q?: string | undefined }): Query {
  const query: Query = q ? parseText(q) : { where: { type: 'all', of: [] }, sort: [] }
  if (!filter || filter.length === 0) return query
  return { ...query, where: allOf([parseFilterList(filter), query.where]) }
}

function parseText(text: string): Query {
  const query = rethrow(() => parseQuery(text))
  if (query.at !== undefined) {
    throw portalErrors.QUERY_INVALID({
      reason: 'The catalog cannot be asked about the past yet.',
      hint: 'Leave the date (@…) out.',
    })
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
