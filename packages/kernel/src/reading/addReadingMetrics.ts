import { Gauge, type Metrics } from '../metrics.ts'
import type { Reader } from './reader.ts'

/** Shows what the hosts allow, and how much of it is used. */
export function addReadingMetrics({ registry }: Metrics, reader: Reader): void {
  const labelNames = ['host', 'account'] as const
  const values = {
    remaining: 'Requests that the host still allows',
    requests: 'Requests sent',
    notModified: 'Answers that nothing changed',
  }
  const names = { remaining: 'remaining', requests: 'requests', notModified: 'not_modified' }
  for (const key of ['remaining', 'requests', 'notModified'] as const) {
    const gauge = new Gauge({
      name: `callboard_reading_${names[key]}`,
      help: values[key],
      labelNames,
      registers: [],
      collect() {
        this.reset()
        for (const { host, account = '', ...budget } of reader.budgets()) {
          const value = budget[key]
          if (value !== undefined) this.set({ host, account }, value)
        }
      },
    })
    registry.registerMetric(gauge)
  }
}
