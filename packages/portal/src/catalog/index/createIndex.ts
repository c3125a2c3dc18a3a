import type { Kernel } from '@callboard/kernel/services'
import { Bodies } from './bodies.ts'
import { countCommits } from '../store/inTransaction.ts'
import { IndexBuilder, type IndexData } from './indexData.ts'
import { createColumns, type Columns } from './keepColumns.ts'
import { loadChange, loadEdges, loadProblems, loadRows, readHead, type Head } from './loadRows.ts'
import { createIndexMetrics } from './metrics.ts'
import { Orders } from './orders.ts'

/** What is kept in memory of the present, true as of now. */
export type IndexState = { data: IndexData; orders: Orders; columns: Columns; bodies: Bodies }

export type CatalogIndex = {
  /**
   * The index with everything that had been written when this was called, in whatever replica; undefined while it is
   * made, behind or not to be had: then the database answers.
   */
  current(): Promise<IndexState | undefined>
  /** Counts an answer for the metrics. */
  counted<T>(answer: T | undefined): T | undefined
  start(): void
  stop(): Promise<void>
}

const indexes = new WeakMap<Kernel['database'], CatalogIndex>()

/** The index over the database of a portal. */
export function findIndex({ database }: Pick<Kernel, 'database'>): CatalogIndex | undefined {
  return indexes.get(database)
}

/** More changes than these at once are not followed one by one: the index is loaded anew. */
const MOST_CHANGES = 2000
/** So is one of which so much has changed that it is no longer compact. */
const MOST_CHANGED_SHARE = 0.25
const CALM_MS = 400
const PATIENCE_MS = 15_000
const AGAIN_MS = 2_000

type Known = IndexState & { head: Head; commits: number }

/** The index of the present in this process. It is loaded beside the running server and follows the catalog by revision. */
export function createIndex(kernel: Kernel, isBusy: () => boolean): CatalogIndex {
  const { db, kind } = kernel.database
  const metrics = createIndexMetrics(kernel.metrics)
  const bodies = new Bodies(db)
  let known: Known | undefined
  let loading: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let waitingSince = 0
  let isStopped = false
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  /** Shares one look at the database among all who ask while it is under way for an earlier one. */
  function renewed(): Promise<void> {
    if (!running) return (running = renew().finally(() => (running = undefined)))
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return renewed()
      })
    return next
  }

  async function renew(): Promise<void> {
    const state = known
    if (!state) return
    const commits = countCommits(db)
    // Nobody else writes to the embedded database.
    if (kind === 'pglite' && commits === state.commits) return
    const head = await readHead(db)
    if (head.revision !== state.head.revision || head.problems !== state.head.problems) await follow(state)
    state.commits = commits
  }

  async function follow(state: Known): Promise<void> {
    const { data } = state
    const news = await loadChange(db, state.head.revision, MOST_CHANGES)
    const isCompact = data.postings.changed() <= Math.max(MOST_CHANGES, data.nodeCount() * MOST_CHANGED_SHARE)
    if (!news || !isCompact || !data.apply(news.change)) return giveUp()
    data.setProblems(news.problems)
    state.head = news.head
  }

  function giveUp(): void {
    known = undefined
    metrics.ready.set(0)
    loadSoon()
  }

  /** Loads once nothing changes for a moment: what is being filled need not be followed. */
  function loadSoon(): void {
    if (isStopped || loading || timer) return
    waitingSince = Date.now()
    const wait = (before: Head | undefined, delayMs: number) => {
      timer = setTimeout(() => void attempt(before), delayMs).unref()
    }
    const attempt = async (before: Head | undefined) => {
      const head = await readHead(db).catch(() => undefined)
      const isCalm = head !== undefined && head.revision === before?.revision && !isBusy()
      if (isStopped) return
      if (!head || (!isCalm && Date.now() - waitingSince < PATIENCE_MS)) return wait(head, head ? CALM_MS : AGAIN_MS)
      timer = undefined
      loading = load().catch((error: unknown) => {
        if (isStopped) return
        kernel.log.warn({ err: error }, 'The index of the catalog could not be loaded; the database answers until it can')
        timer = setTimeout(() => {
          timer = undefined
          loadSoon()
        }, AGAIN_MS).unref()
      })
      await loading.finally(() => (loading = undefined))
    }
    void attempt(undefined)
  }

  async function load(): Promise<void> {
    const start = performance.now()
    const commits = countCommits(db)
    // What is written from here on is read again afterwards: the pieces need not be of one moment.
    const head = await readHead(db)
    const builder = new IndexBuilder()
    for await (const rows of loadRows(db)) {
      if (isStopped) return
      for (const row of rows) builder.addRow(row)
      await breathe()
    }
    for await (const edges of loadEdges(db)) {
      if (isStopped) return
      for (const edge of edges) builder.addEdge(edge)
      await breathe()
    }
    const data = builder.finish()
    data.setProblems(await loadProblems(db))
    const columns = createColumns(db, data, kernel.log)
    known = { data, orders: new Orders(data), columns, bodies, head, commits: commits - 1 }
    metrics.ready.set(1)
    metrics.loadSeconds.set((performance.now() - start) / 1000)
  }

  const index: CatalogIndex = {
    async current() {
      if (!known) return undefined
      try {
        await renewed()
      } catch (error) {
        // A database that does not answer says so to whoever asks it next.
        kernel.log.debug({ err: error }, 'The index could not be brought up to date; the database answers')
        return undefined
      }
      return known
    },
    counted(answer) {
      metrics.answers.inc({ from: answer === undefined ? 'database' : 'index' })
      return answer
    },
    start: loadSoon,
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await loading?.catch(() => undefined)
      await running?.catch(() => undefined)
    },
  }
  indexes.set(kernel.database, index)
  return index
}

/** Lets waiting requests go first. */
function breathe(): Promise<void> {
  return new Promise(done => setImmediate(done))
}
