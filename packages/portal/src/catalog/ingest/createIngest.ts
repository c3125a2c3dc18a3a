import type { Kernel } from '@callboard/kernel/services'
import { isRateLimited } from '@callboard/kernel/reading/statusError'
import { toPortalError } from '@callboard/kernel/http/errorReply'
import type { LocationRef } from '../locationRef.ts'
import type { CatalogConfig } from '../config.ts'
import { writeReadings, type Written } from '../store/readings.ts'
import { forgetInputs, syncSources, writeFailure, writeUnchanged } from '../store/sources.ts'
import { mergeTerms, vacuum } from '../store/upkeep.ts'
import type { SourceReading } from './planWrites.ts'
import { readSource, type ReadContext, type SourceRow } from './readSource.ts'
import { claimDueSources, selectLineage, selectLocations, selectRegistered, selectSources } from './sourceRows.ts'
import { findWantedSources, rootSource } from './wantedSources.ts'
import type { IngestMetrics } from './metrics.ts'

/** At most so many documents in one transaction: reads wait behind it on the embedded database. */
const BATCH_DOCUMENTS = 500
const READ_AT_ONCE = 5
/** After so many changed entities the planner's statistics are renewed. */
const VACUUM_FROM = 1000
const DUE_AT_ONCE = 50
const URL_INTERVAL_MS = 120_000
const LONGEST_INTERVAL_MS = 3_600_000

export type IngestParts = {
  kernel: Kernel
  config: CatalogConfig
  configLocations: LocationRef[]
  context: ReadContext
  metrics: IngestMetrics
  /** Told what to watch whenever the sources have changed. */
  onSources(sources: SourceRow[], patterns: string[]): void
}

export type Ingest = {
  /** Brings the list of sources up to date and reads what is new or has changed. */
  sync(): Promise<void>
  /** Reads these sources now, changed or not, and what they newly lead to. */
  refresh(sourceIds: number[], actor: string): Promise<void>
  /** Reads everything that leads to an entity. @returns false when nothing does. */
  refreshEntity(ref: string, actor: string): Promise<boolean>
  /** Reads the URLs whose time has come. */
  readDue(): Promise<void>
  /** Reads the source of a plugin, such as `cost/accounts`. */
  readPlugin(id: string): Promise<void>
  /** Whether a change of many entities is under way. */
  isBusy(): boolean
  /** Once nothing is being written any more. */
  settled(): Promise<unknown>
}

/** Keeps the catalog like its sources. One thing at a time; whoever asks meanwhile waits in line. */
export function createIngest(parts: IngestParts): Ingest {
  const { kernel, config, context, metrics } = parts
  const { db } = kernel.database
  let line: Promise<unknown> = Promise.resolve()
  let written = 0
  let waiting = 0

  function inLine<T>(run: () => Promise<T>): Promise<T> {
    waiting++
    const result = line.then(run)
    line = result.catch(() => undefined).finally(() => waiting--)
    return result
  }

  /** Alternates between finding sources and reading them until nothing new turns up. */
  async function settle(pending: (source: SourceRow) => boolean, actor: string): Promise<void> {
    const done = new Set<number>()
    let patterns: string[] = []
    for (let again = true; again;) {
      patterns = await syncList(actor, done)
      const sources = (await selectSources(db)).filter(source => !done.has(source.id) && pending(source))
      for (const source of sources) done.add(source.id)
      const result = await readAll(sources, actor)
      for (const id of result.released) done.delete(id)
      again = result.changedLocations || result.released.length > 0
    }
    parts.onSources(await selectSources(db), patterns)
    await afterwards()
  }

  /** Takes sources that are to be read once more out of `done`. @returns the patterns that look for files. */
  async function syncList(actor: string, done: Set<number>): Promise<string[]> {
    const roots = [...parts.configLocations, ...(await selectRegistered(db))].map(rootSource)
    const plugins = [...context.pluginSources.keys()].map(id => {
      const key = `plugin:${id}`
      return { key, type: 'plugin', target: id, origin: key, parents: [], optional: false }
    })
    const { sources, problems, patterns } = await findWantedSources(await selectLocations(db))
    const wanted = new Map([...roots, ...plugins, ...sources].map(each => [each.key, each]))
    const known = await selectSources(db)
    const before = new Map(known.map(each => [each.key, each]))
    const gone = known.filter(each => !wanted.has(each.key)).map(each => each.id)
    const changed = [...wanted.values()].filter(each => {
      const row = before.get(each.key)
      return !row || row.origin !== each.origin || row.optional !== each.optional || row.parents.join() !== each.parents.join()
    })
    const result = await syncSources(db, changed, gone, problems, actor, config.orphanStrategy)
    for (const id of result.released) done.delete(id)
    return result.changedLocations ? syncList(actor, done) : patterns
  }

  async function readAll(sources: SourceRow[], actor: string): Promise<Written> {
    const total: Written = { refs: [], revision: 0, released: [], changedLocations: false }
    let batch: SourceReading[] = []
    let size = 0
    let writing: Promise<void> = Promise.resolve()
    const flush = async () => {
      const readings = batch
      batch = []
      size = 0
      await writing
      if (readings.length === 0) return
      // The next files are parsed while the database stores these rows, which takes about as long: not before, or both would wait.
      const busy = Promise.withResolvers<void>()
      writing = write(readings, actor, total, busy.resolve)
      // why: a failure is met at the next await; until then nobody else must see it as unhandled.
      writing.catch(() => undefined)
      await Promise.race([busy.promise, writing])
    }
    for (let start = 0; start < sources.length; start += READ_AT_ONCE) {
      const results = await Promise.all(sources.slice(start, start + READ_AT_ONCE).map(source => read(source)))
      for (const reading of results.flatMap(each => (each ? splitReading(each) : []))) {
        if (size > 0 && size + reading.entities.length > BATCH_DOCUMENTS) await flush()
        batch.push(reading)
        size += reading.entities.length
      }
    }
    await flush()
    await writing
    return total
  }

  async function write(readings: SourceReading[], actor: string, total: Written, onBusy: () => void): Promise<void> {
    const result = await writeReadings(db, readings, actor, config.orphanStrategy, onBusy)
    total.refs.push(...result.refs)
    total.released.push(...result.released)
    total.changedLocations ||= result.changedLocations
    total.revision = Math.max(total.revision, result.revision)
    metrics.entities.inc(result.refs.length)
    written += result.refs.length
  }

  async function read(source: SourceRow): Promise<SourceReading | undefined> {
    const nextReadAt = source.type === 'url' ? nextTime(0) : null
    try {
      const reading = await readSource(source, context)
      if (reading === 'unchanged') {
        metrics.sources.inc({ result: 'unchanged' })
        if (nextReadAt || source.failures > 0) await writeUnchanged(db, source.id, nextReadAt)
        return undefined
      }
      metrics.sources.inc({ result: 'changed' })
      return reading.input ? { ...reading, input: { ...reading.input, nextReadAt } } : reading
    } catch (cause) {
      // why: the store reports what is wrong with the database; here only reading can have failed.
      const error = toPortalError(cause as Error)
      if (error.code === 'DATABASE_UNAVAILABLE') throw cause
      metrics.sources.inc({ result: 'failed' })
      const missing = source.optional && error.status === 404
      if (missing)
        return {
          sourceId: source.id,
          entities: [],
          problems: [],
          gone: { type: 'others', keep: new Set() },
          input: { hash: 'missing', nextReadAt },
        }
      kernel.log.warn({ source: source.key, code: error.code }, error.message)
      const wait = isRateLimited(cause) ? cause.retryAfterMs : 0
      await writeFailure(db, source.id, source.key, error, source.type === 'url' ? nextTime(source.failures + 1, wait) : null)
      return undefined
    }
  }

  /** With jitter, so that many sources do not come at once; longer after each failure. */
  function nextTime(failures: number, waitMs = 0): Date {
    const interval = config.processingInterval === false ? LONGEST_INTERVAL_MS : (config.processingInterval ?? URL_INTERVAL_MS)
    const backedOff = Math.min(Math.max(interval, LONGEST_INTERVAL_MS), interval * 2 ** failures)
    return new Date(Date.now() + Math.max(waitMs, backedOff * (0.8 + 0.4 * Math.random())))
  }

  async function afterwards(): Promise<void> {
    await metrics.count(db)
    if (written >= VACUUM_FROM) await vacuum(kernel.database)
    else if (written > 0) await mergeTerms(db)
    written = 0
  }

  return {
    sync: () => inLine(() => settle(isDueAtSync, 'system')),
    refresh: (ids, actor) =>
      inLine(async () => {
        await forgetInputs(db, ids)
        await settle(source => ids.includes(source.id) || isUnread(source), actor)
      }),
    async refreshEntity(ref, actor) {
      const sources = await selectLineage(db, ref)
      if (sources.length === 0) return false
      await inLine(() => settle(source => sources.some(each => each.id === source.id) || isUnread(source), actor))
      return true
    },
    readPlugin: id => inLine(() => settle(source => source.key === `plugin:${id}` || isUnread(source), 'system')),
    isBusy: () => waiting > 0 && written > 0,
    settled: () => line,
    readDue: () =>
      inLine(async () => {
        const due = await claimDueSources(db, DUE_AT_ONCE)
        if (due.length === 0) return
        const result = await readAll(due, 'system')
        if (result.changedLocations || result.released.length > 0) await settle(isUnread, 'system')
      }),
  }
}

/** Files cost a hash, so all of them are looked at; a URL that has been read has its own time. */
function isDueAtSync(source: SourceRow): boolean {
  return source.type !== 'url' || isUnread(source)
}

function isUnread(source: SourceRow): boolean {
  return source.hash === null && source.failures === 0 && source.type !== 'plugin'
}

/** A big file is written in several transactions; only the last one ends what is gone and remembers the input. */
function splitReading(reading: SourceReading): SourceReading[] {
  const { entities, sourceId, gone } = reading
  if (entities.length <= BATCH_DOCUMENTS) return [reading]
  const parts: SourceReading[] = []
  for (let start = 0; start < entities.length; start += BATCH_DOCUMENTS) {
    parts.push({ sourceId, entities: entities.slice(start, start + BATCH_DOCUMENTS), problems: [], gone: { type: 'none' } })
  }
  const keep = new Set(entities.map(each => each.ref))
  const last = parts.at(-1)
  if (last) {
    const rest = gone.type === 'others' ? { type: 'others' as const, keep: keep.union(gone.keep) } : gone
    Object.assign(last, { problems: reading.problems, gone: rest, ...(reading.input ? { input: reading.input } : {}) })
  }
  return parts
}
