import { z, type Portal } from '@callboard/sdk'
import { formatQuery, parseQuery } from '@callboard/sdk/query'
import { sql } from 'kysely'
import type { Catalog } from '../plugin.ts'
import { compileQuery } from '../query/compileQuery.ts'
import { completeQuery } from '../query/completeQuery.ts'
import { explainCount } from '../query/findItems.ts'
import { openScope, parseDate, PERMISSION } from '../query/scope.ts'
import { count } from './parameters.ts'

/** Help with writing queries: how they go on, and what they became. */
export function addQueryTools(portal: Portal<unknown>, { kernel }: Catalog): void {
  const typed = z.strictObject({ q: z.string().max(10_000).default(''), position: count.optional() })
  portal.get('/query/complete', { summary: 'What can be typed next in a query', query: typed }, async ({ query, actor }) => {
    const position = Math.min(query.position ?? query.q.length, query.q.length)
    return { items: await completeQuery(await openScope(kernel, actor), query.q, position) }
  })

  const asked = z.strictObject({ q: z.string().default(''), at: z.string().optional() })
  portal.get('/query/explain', { summary: 'What a query was compiled to', query: asked }, async ({ query, actor }) => {
    await kernel.permissions.require(PERMISSION.entityRead, actor)
    const { where, sort, at = query.at === undefined ? undefined : parseDate(query.at) } = parseQuery(query.q)
    const scope = (await openScope(kernel, actor)).asOf(at)
    const began = performance.now()
    const answer = await explainCount(scope, { where, sort, missing: 'last' })
    const ms = Math.round((performance.now() - began) * 100) / 100
    // why: the condition of the query alone. What policies add belongs to those who wrote them.
    const condition = compileQuery(scope.bind(where), 'e', { now: scope.now, at: scope.at })
    const { sql: text, parameters } = sql`select e.ref from catalog.entity_version e where ${condition}`.compile(scope.db)
    return {
      query: formatQuery({ where, sort, ...(at === undefined ? {} : { at }) }),
      where,
      sort,
      at,
      sql: text,
      parameters,
      ...answer,
      ms,
    }
  })
}
