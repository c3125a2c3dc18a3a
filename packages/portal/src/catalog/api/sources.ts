import { z, type Portal } from '@callboard/sdk'
import type { Catalog } from '../plugin.ts'
import { readSources } from '../query/readSources.ts'
import { PERMISSION } from '../query/scope.ts'
import { positive } from './parameters.ts'

const DEFAULT_LIMIT = 100
const MOST = 500

/** How the files, URLs and plugins are that feed the catalog: for those who may see its locations. */
export function addSourceRoutes(portal: Portal<unknown>, { kernel }: Catalog): void {
  const query = z.strictObject({
    limit: positive.refine(value => value <= MOST, `expected at most ${MOST}`).optional(),
    cursor: z.string().min(1).optional(),
  })
  const summary = 'How the sources of the catalog are: when they were read, and what went wrong'
  portal.get('/sources', { summary, query, permission: PERMISSION.locationRead }, async ({ query: asked }) => {
    const limit = asked.limit ?? DEFAULT_LIMIT
    const rows = await readSources(kernel.database.db, limit + 1, asked.cursor)
    const items = rows.slice(0, limit)
    const last = rows.length > limit ? items.at(-1) : undefined
    return { items, pageInfo: last ? { nextCursor: last.key } : {} }
  })
}
