import type { Database } from '@callboard/kernel/database/openDatabase'
import { sql, type Kysely } from 'kysely'

/** Merges new terms into their index, so that reads need not go through a list of them. */
export async function mergeTerms(db: Kysely<any>): Promise<void> {
  await sql`select gin_clean_pending_list('catalog.entity_terms')`.execute(db)
}

/** Updates what the planner knows after a big write, and the map of visible pages that counting relies on. */
export async function vacuum(database: Database): Promise<void> {
  for (const table of ['entity_version', 'entity_body', 'relation', 'contribution']) {
    await database.exec(`vacuum (analyze) catalog.${table}`)
  }
}
