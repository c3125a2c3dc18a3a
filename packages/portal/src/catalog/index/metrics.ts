import { Counter, Gauge, type Metrics } from '@callboard/kernel/metrics'

/** What `/metrics` tells of the index in memory. */
export function createIndexMetrics({ registry }: Metrics) {
  const registers = [registry]
  return {
    ready: new Gauge({
      name: 'callboard_catalog_index_ready',
      help: '1 while the index in memory answers, 0 while the database does',
      registers,
    }),
    loadSeconds: new Gauge({
      name: 'callboard_catalog_index_load_seconds',
      help: 'How long the last loading of the index took',
      registers,
    }),
    answers: new Counter({
      name: 'callboard_catalog_reads_total',
      help: 'Reads of the catalog, by who answered: index or database',
      labelNames: ['from'],
      registers,
    }),
  }
}
