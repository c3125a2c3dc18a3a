import type { Kernel } from '@callboard/kernel/services'
import type { Entity } from '@callboard/sdk'
import { sql } from 'kysely'
import type { CatalogService } from './catalogService.ts'
import type { Ingest } from './ingest/createIngest.ts'
import { findEntityText } from './query/readEntities.ts'
import { openScope, parsePresent } from './query/scope.ts'

export function createCatalogService(kernel: Kernel, ingest: Pick<Ingest, 'sync'>): CatalogService {
  return {
    readSources: () => ingest.sync(),
    async findEntity(ref, actor, queries = []) {
      const scope = await openScope(kernel, actor)
      const text = await findEntityText(scope, ref)
      if (text === undefined) return undefined
      // why: the text was made from an entity.
      const entity = JSON.parse(text) as Entity
      if (queries.every(query => query === undefined)) return { entity, matches: queries.map(() => true) }
      const conditions = queries.map(q => (q ? scope.compile(parsePresent(q).where) : sql`true`))
      const { rows } = await sql<{
        matches: boolean[]
      }>`select array[${sql.join(conditions.map(each => sql`coalesce(${each}, false)`))}] as matches
        from catalog.entity_version e where e.ref = ${ref.toLowerCase()} and e.valid_to is null`.execute(scope.db)
      return { entity, matches: rows[0]?.matches ?? queries.map(() => false) }
    },
  }
}
