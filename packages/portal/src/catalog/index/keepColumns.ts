import type { Logger } from '@callboard/kernel/log'
import type { Kysely } from 'kysely'
import { Column } from './columns.ts'
import type { IndexData } from './indexData.ts'
import { loadColumn } from './loadRows.ts'

/** Loads the values of fields that somebody asks for: the first time the database answers, from then on the index. */
export type Columns = { want(fields: Set<string>): void }

const MOST_COLUMNS = 24
/** Characters of all different values: longer columns stay in the database. */
const MOST_TEXT = 4_000_000

export function createColumns(db: Kysely<any>, data: IndexData, log: Logger): Columns {
  const refused = new Set<string>()

  async function load(field: string): Promise<void> {
    const column = new Column()
    // What changes while the column is loaded is kept aside, because it is newer than what is loaded.
    const finish = data.beginColumn(field)
    for await (const rows of loadColumn(db, field)) {
      for (const { ref, values } of rows) {
        const node = data.findEntity(ref)
        // why: the catalog writes a list of texts for every field.
        if (node !== undefined) column.set(node, JSON.parse(values) as string[])
      }
      if (column.size <= MOST_TEXT) continue
      refused.add(field)
      return finish(undefined)
    }
    finish(column)
    const [oldest] = data.columns.keys()
    if (data.columns.size > MOST_COLUMNS && oldest !== undefined) data.columns.delete(oldest)
  }

  return {
    want(fields) {
      for (const field of fields) {
        if (refused.has(field) || data.isLoading(field)) continue
        load(field).catch((error: unknown) => {
          data.beginColumn(field)(undefined)
          log.warn({ err: error }, `The values of ${field} could not be loaded; the database answers`)
        })
      }
    },
  }
}
