import type { QueryNode } from '@callboard/sdk/query'
import { sql } from 'kysely'
import { countFacets, countFound, findPage, findRefs, type IndexedEntity, type IndexQuestion } from '../index/answer.ts'
import type { IndexState } from '../index/createIndex.ts'
import type { Scope } from './scope.ts'
import { selectFacets, type Facet } from './selectFacets.ts'
import { countItems, selectItems, type Item, type ItemQuery } from './selectItems.ts'

/** A question about entities; what may be seen, and of which time, is the scope's. */
export type ItemAsk = Omit<ItemQuery, 'where' | 'visible' | 'at'> & { where: QueryNode }

/** A page of entities: of the present from the index where it knows the answer, else from the database. */
export async function findItems(scope: Scope, ask: ItemAsk): Promise<Item[]> {
  const found = await askIndex(scope, ask.where, (question, { data, orders }, missing) =>
    findPage({ ...ask, ...question }, data, orders, missing),
  )
  const items = found && (await withBodies(found.answer, found.bodies))
  return items ?? selectItems(scope.db, toSql(scope, ask))
}

export async function countAll(scope: Scope, ask: ItemAsk): Promise<number> {
  return (await explainCount(scope, ask)).total
}

/** How many entities are found, and who knew it. */
export async function explainCount(scope: Scope, ask: ItemAsk): Promise<{ total: number; evaluator: 'index' | 'database' }> {
  const count = await askIndex(scope, ask.where, (question, { data }, missing) =>
    countFound({ ...ask, ...question }, data, missing),
  )
  if (count) return { total: count.answer, evaluator: 'index' }
  return { total: await countItems(scope.db, toSql(scope, ask)), evaluator: 'database' }
}

/** Entities by ref, in any order. */
export async function findByRefs(scope: Scope, refs: string[], where: QueryNode, bare: boolean): Promise<Item[]> {
  const found = await askIndex(scope, where, (question, { data }, missing) =>
    findRefs(refs, question, bare, data, missing)?.map(item => ({ ...item, keys: [], total: null })),
  )
  const items = found && (await withBodies(found.answer, found.bodies))
  if (items) return items
  const condition = sql`e.ref = any(${refs}::text[]) and ${scope.compile(where)}`
  const { visible, at } = scope
  return selectItems(scope.db, { where: condition, visible, at, sort: [], missing: 'last', bare })
}

/** What the index knows of entities, and their bodies with it. */
async function withBodies<T extends IndexedEntity>(
  items: T[],
  bodies: IndexState['bodies'],
): Promise<(Omit<T, 'version'> & { body: Buffer })[] | undefined> {
  const texts = await bodies.get(items.map(item => item.version))
  return texts && items.map(({ version: _, ...item }, index) => ({ ...item, body: texts[index] ?? Buffer.alloc(0) }))
}

/** Counts of entities by the values of fields. */
export async function findFacets(scope: Scope, facets: string[], where: QueryNode): Promise<Record<string, Facet[]>> {
  const found = await askIndex(scope, where, (question, { data }, missing) => countFacets(facets, question, data, missing))
  if (found) return found.answer
  const isAll = where.type === 'all' && where.of.length === 0
  return selectFacets(scope.db, facets, isAll ? undefined : scope.compile(where), scope.visible, scope.at)
}

async function askIndex<T>(
  scope: Scope,
  where: QueryNode,
  answer: (question: IndexQuestion, state: IndexState, missing: Set<string>) => T | undefined,
): Promise<{ answer: T; bodies: IndexState['bodies'] } | undefined> {
  const { index, policyTree, now } = scope
  if (!index || scope.at) return undefined
  const state = await index.current()
  const missing = new Set<string>()
  const found = state && answer({ where: scope.bind(where), policy: policyTree, now }, state, missing)
  if (missing.size > 0) state?.columns.want(missing)
  const answered = index.counted(found)
  return state && answered !== undefined ? { answer: answered, bodies: state.bodies } : undefined
}

function toSql(scope: Scope, ask: ItemAsk): ItemQuery {
  return { ...ask, where: scope.compile(ask.where), visible: scope.visible, at: scope.at }
}
