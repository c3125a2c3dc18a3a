import { respond, z, type Portal } from '@callboard/sdk'
import { portalErrors } from '../../errors.ts'
import type { Catalog } from '../plugin.ts'
import { parseFields } from '../query/projectFields.ts'
import { readPage } from '../query/readEntities.ts'
import { openScope, parseConditions } from '../query/scope.ts'
import { findFacets } from '../query/findItems.ts'
import { DEFAULT_LIMIT } from './parameters.ts'

const pageBody = z.object({
  query: z.unknown().optional(),
  /** The time that is asked about. */
  at: z.string().optional(),
  fields: z.array(z.string()).optional(),
  limit: z.number().int().min(0).optional(),
  offset: z.number().int().min(0).optional(),
  orderBy: z.array(z.object({ field: z.string().min(1), order: z.enum(['asc', 'desc']) })).optional(),
  fullTextFilter: z.object({ term: z.string().optional(), fields: z.array(z.string()).optional() }).optional(),
  totalItems: z.enum(['include', 'exclude']).optional(),
  cursor: z.string().min(1).optional(),
})

const facetsBody = z.object({ facets: z.array(z.string()).optional(), query: z.unknown().optional(), at: z.string().optional() })

/** The endpoints that take a predicate, which is too large for a URL. */
export function addPredicateRoutes(portal: Portal<unknown>, { kernel }: Catalog): void {
  portal.post(
    '/entities/by-query',
    { summary: 'A page of entities that a predicate finds', body: pageBody },
    async ({ body, actor }) => {
      const scope = await openScope(kernel, actor)
      return respond(
        await readPage(scope, {
          query: body.query,
          at: body.at,
          fields: parseFields(body.fields),
          sort: (body.orderBy ?? []).map(({ field, order }) => ({ field, descending: order === 'desc' })),
          limit: body.limit ?? DEFAULT_LIMIT,
          offset: body.offset,
          term: body.fullTextFilter?.term,
          termFields: body.fullTextFilter?.fields,
          withTotal: body.totalItems !== 'exclude',
          cursor: body.cursor,
        }),
      )
    },
  )

  portal.post(
    '/entity-facets',
    { summary: 'Counts of entities that a predicate finds, by values of fields', body: facetsBody },
    async ({ body, actor }) => {
      const names = [...new Set(body.facets)]
      if (names.length === 0) throw portalErrors.FACET_MISSING()
      const scope = await openScope(kernel, actor)
      const conditions = parseConditions({ query: body.query, at: body.at })
      const then = scope.asOf(conditions.at)
      return { facets: await findFacets(then, names, conditions.where) }
    },
  )
}
