import { Counter, Gauge, type Metrics } from '@callboard/kernel/metrics'
import { sql, type Kysely } from 'kysely'

export type IngestMetrics = {
  sources: Counter<'result'>
  documents: Counter
  entities: Counter
  /** Renews the gauges from the database. */
  count(db: Kysely<any>): Promise<void>
}

/** What `/metrics` tells of the catalog. */
export function createIngestMetrics({ registry }: Metrics): IngestMetrics {
  const registers = [registry]
  const current = new Gauge({
    name: 'callboard_catalog_entities',
    help: 'Entities now, by kind',
    labelNames: ['kind'],
    registers,
  })
  const problems = new Gauge({
    name: 'callboard_catalog_problems',
    help: 'Problems now, by code',
    labelNames: ['code'],
    registers,
  })
  return {
    sources: new Counter({
      name: 'callboard_catalog_sources_read_total',
      help: 'Readings of sources: changed, unchanged or failed',
      labelNames: ['result'],
      registers,
    }),
    documents: new Counter({ name: 'callboard_catalog_documents_parsed_total', help: 'Documents parsed', registers }),
    entities: new Counter({
      name: 'callboard_catalog_entities_written_total',
      help: 'Entities added, changed or removed',
      registers,
    }),
    async count(db) {
      const kinds = await sql<{ kind: string; count: number }>`select kind_text as kind, count(*)::int as count
        from catalog.entity_version where valid_to is null group by 1`.execute(db)
      current.reset()
      for (const { kind, count } of kinds.rows) current.set({ kind }, count)
      const codes = await sql<{
        code: string
        count: number
      }>`select code, count(*)::int as count from catalog.problem group by 1`.execute(db)
      problems.reset()
      for (const { code, count } of codes.rows) problems.set({ code }, count)
    },
  }
}
