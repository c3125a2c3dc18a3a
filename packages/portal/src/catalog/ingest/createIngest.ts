import type { Kernel } from '@callboard/kernel/services'
import type { CatalogConfig } from '../config.ts'
import type { LocationRef } from '../locationRef.ts'
import { writeReadings, type Written } from '../store/readings.ts'
import { forgetInputs } from '../store/sources.ts'
import { mergeTerms, vacuum } from '../store/upkeep.ts'
import { attemptReading } from './attemptReading.ts'
import { createSourceList } from './createSourceList.ts'
import { createWriter } from './createWriter.ts'
import { isDueAtSync, isNear, isUnread } from './isDue.ts'
import type { IngestMetrics } from './metrics.ts'
import type { SourceReading } from './planWrites.ts'
import { createClaimedReading } from './readClaimed.ts'
import type { ReadContext, SourceRow } from './readSource.ts'
import { claimDueSources, selectLineage, selectSources } from './sourceRows.ts'
import { BATCH_DOCUMENTS, splitReading } from './splitReading.ts'

const READ_AT_ONCE = 5
/** A file that takes longer waits for a host that a placeholder names; the files beside it do not. */
const SLOW_FILE_MS = 2000
/** After so many changed entities the planner's statistics are renewed. */
const VACUUM_FROM = 1000
const DUE_AT_ONCE = 50

export type IngestParts = {
  kernel: Kernel
  config: CatalogConfig
  configLocations: LocationRef[]
  context: ReadContext
  metrics: IngestMetrics
  /** Told what to watch whenever the sources have changed. */
  onSources(sources: SourceRow[], patterns: string[]): void
  /** Told when something that nobody waits for could not be stored. */
  onLost(error: unknown): void
}

export type Ingest = {
  /** Brings the list of sources up to date and reads what may have changed. What waits for a host goes on behind it. */
  sync(): Promise<void>
  /** The same, reading only what was never read. */
  syncNew(): Promise<void>
  /** Takes up other settings: all sources are looked at under them. */
  reconfigure(configLocations: LocationRef[]): Promise<void>
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
  /** Once nothing is being read or written any more. */
  settled(): Promise<unknown>
}

/** What one wish for reading is about. */
type Run = {
  actor: string
  pending(source: SourceRow): boolean
  /** Sources that are read though somebody is reading them already. */
  wanted: Set<number>
  /** What goes on behind it. */
  later: Promise<void>[]
}

/**
 * Keeps the catalog like its sources. Runs go on beside each other: reading is in no line. Only the list of sources and the
 * writes are, and what was read before somebody else's write is read again (`edition` of the source).
 */
export function createIngest(parts: IngestParts): Ingest {
  const { kernel, config, metrics } = parts
  const { db } = kernel.database
  const list = createSourceList(parts)
  const readClaimed = createClaimedReading(parts)
  const writeLate = createWriter((readings, actor) => write(readings, actor), follow)
  /** What a run of this process reads now, until it is written. */
  const reading = new Map<number, Promise<void>>()
  /** When each was last read, on a clock of this process: rows that were selected before it are out of date. */
  const readAt = new Map<number, number>()
  let clock = 0
  const runs = new Set<Promise<unknown>>()
  let written = 0
  let filling = 0

  /** Alternates between finding sources and reading them until nothing new turns up. */
  async function settle(run: Run): Promise<void> {
    const done = new Set<number>()
    const want = (id: number) => {
      run.wanted.add(id)
      done.delete(id)
    }
    filling++
    try {
      for (let again = true; again;) {
        for (const id of await list.sync(run.actor)) want(id)
        await Promise.all([...run.wanted].flatMap(id => (done.has(id) ? [] : (reading.get(id) ?? []))))
        const selected = ++clock
        const free = (await selectSources(db)).filter(({ id }) => !done.has(id) && !reading.has(id))
        const next = free.filter(source => run.wanted.has(source.id) || run.pending(source))
        const sources = next.filter(({ id }) => (readAt.get(id) ?? 0) < selected)
        for (const source of sources) done.add(source.id)
        const result = await take(sources, run)
        const anew = [...result.released, ...result.outdated]
        anew.forEach(want)
        again = result.changedLocations || anew.length > 0 || sources.length < next.length
      }
      await list.watch()
      await afterwards()
    } finally {
      filling--
    }
  }

  /** Reads files at once and waits for them; whatever may be slow goes on behind the run. */
  async function take(sources: SourceRow[], run: Run): Promise<Written> {
    const marks = new Map(sources.map(source => [source.id, mark(source.id)]))
    const release = (id: number) => marks.get(id)?.()
    const near = sources.filter(isNear)
    for (const source of sources.filter(each => !isNear(each))) {
      const store = (found: SourceReading) => writeLate(found, run.actor, run.later)
      const outcome = readClaimed(source, run.wanted.has(source.id), store).finally(() => release(source.id))
      run.later.push(
        track(
          outcome.then(result =>
            result === 'elsewhere' ? follow({ ...NOTHING, changedLocations: true }, run.actor) : undefined,
          ),
        ),
      )
    }
    const slow = new Set<number>()
    try {
      return await readFiles(near, run, (source, late) => {
        slow.add(source.id)
        const stored = late.then(found => (found ? writeLate(found, run.actor, run.later) : undefined))
        run.later.push(track(stored.finally(() => release(source.id))))
      })
    } finally {
      for (const { id } of near) if (!slow.has(id)) release(id)
    }
  }

  function mark(id: number): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    reading.set(id, promise)
    return () => {
      if (reading.get(id) === promise) reading.delete(id)
      readAt.set(id, ++clock)
      resolve()
    }
  }

  async function readFiles(
    sources: SourceRow[],
    run: Run,
    onSlow: (source: SourceRow, late: Promise<SourceReading | undefined>) => void,
  ): Promise<Written> {
    const total: Written = { ...NOTHING, refs: [], released: [], outdated: [] }
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
      writing = write(readings, run.actor, busy.resolve).then(result => add(total, result))
      // why: a failure is met at the next await; until then nobody else must see it as unhandled.
      writing.catch(() => undefined)
      await Promise.race([busy.promise, writing])
    }
    for (let start = 0; start < sources.length; start += READ_AT_ONCE) {
      const late = Promise.withResolvers<'late'>()
      const timer = setTimeout(() => late.resolve('late'), SLOW_FILE_MS)
      const results = await Promise.all(
        sources.slice(start, start + READ_AT_ONCE).map(async source => {
          const attempt = attemptReading(source, parts)
          const result = await Promise.race([attempt, late.promise])
          if (result !== 'late') return result
          onSlow(source, attempt)
          return undefined
        }),
      ).finally(() => clearTimeout(timer))
      for (const part of results.flatMap(each => (each ? splitReading(each) : []))) {
        if (size > 0 && size + part.entities.length > BATCH_DOCUMENTS) await flush()
        batch.push(part)
        size += part.entities.length
      }
    }
    await flush()
    await writing
    return total
  }

  async function write(readings: SourceReading[], actor: string, onBusy?: () => void): Promise<Written> {
    const result = await writeReadings(db, readings, actor, config.orphanStrategy, onBusy)
    metrics.entities.inc(result.refs.length)
    written += result.refs.length
    return result
  }

  /** After what was written behind a run: reads what it leads to. */
  async function follow(result: Written, actor: string): Promise<void> {
    const wanted = [...result.released, ...result.outdated]
    if (result.changedLocations || wanted.length > 0)
      await finish({ actor, pending: isUnread, wanted: new Set(wanted), later: [] })
    else await afterwards()
  }

  async function afterwards(): Promise<void> {
    await metrics.count(db)
    if (written >= VACUUM_FROM) await vacuum(kernel.database)
    else if (written > 0) await mergeTerms(db)
    written = 0
  }

  /** Runs to the very end. */
  async function finish(run: Run): Promise<void> {
    await settle(run)
    for (let count = 0; count < run.later.length;) {
      const later = run.later.slice(count)
      count += later.length
      await Promise.all(later)
    }
  }

  function track<T>(run: Promise<T>): Promise<T> {
    runs.add(run)
    // why: a run that nobody waits for must not fail unheard.
    run.catch((error: unknown) => parts.onLost(error)).finally(() => runs.delete(run))
    return run
  }

  const runOf = (pending: Run['pending'], actor = 'system', wanted: number[] = []): Run => ({
    actor,
    pending,
    wanted: new Set(wanted),
    later: [],
  })

  return {
    sync: () => track(settle(runOf(isDueAtSync))),
    syncNew: () => track(settle(runOf(isUnread))),
    async reconfigure(locations) {
      list.configure(locations)
      // A host would only say that its file has not changed.
      const urls = (await selectSources(db)).filter(source => source.type === 'url')
      await forgetInputs(
        db,
        urls.map(source => source.id),
      )
      await track(settle(runOf(() => true)))
    },
    async refresh(ids, actor) {
      await forgetInputs(db, ids)
      await track(finish(runOf(isUnread, actor, ids)))
    },
    async refreshEntity(ref, actor) {
      const ids = (await selectLineage(db, ref)).map(source => source.id)
      if (ids.length === 0) return false
      await track(finish(runOf(isUnread, actor, ids)))
      return true
    },
    readPlugin: id => track(finish(runOf(source => source.key === `plugin:${id}` || isUnread(source)))),
    isBusy: () => filling > 0 && written > 0,
    async settled() {
      while (runs.size > 0) await Promise.allSettled(runs)
    },
    async readDue() {
      const due = (await claimDueSources(db, DUE_AT_ONCE)).filter(source => !reading.has(source.id))
      const run = runOf(isUnread)
      const result = await track(take(due, run))
      if (result.changedLocations) await track(settle(run))
    },
  }
}

const NOTHING: Written = { refs: [], revision: 0, released: [], outdated: [], changedLocations: false }

function add(total: Written, more: Written): void {
  total.refs.push(...more.refs)
  total.released.push(...more.released)
  total.outdated.push(...more.outdated)
  total.changedLocations ||= more.changedLocations
  total.revision = Math.max(total.revision, more.revision)
}
