import type { PgBoss } from 'pg-boss'
import { sql } from 'kysely'
import type { Database } from './database/openDatabase.ts'
import type { Logger } from './log.ts'
import { traced } from './telemetry.ts'

type Run = (context: { signal: AbortSignal }) => unknown
type Task = { queue: string; seconds: number; run: Run }

export type Jobs = {
  /** Runs once in the cluster per interval; the first time right after the start. */
  every(name: string, intervalMs: number, run: Run): void
  /** Starts working. Nothing is loaded or written while nobody has asked for a job. */
  start(): Promise<void>
  stop(): Promise<void>
}

const SHORTEST_POLL_SECONDS = 2
const LONGEST_POLL_SECONDS = 30
const SEND_AGAIN_MS = 2_000

export function createJobs(database: Database, log: Logger): Jobs {
  const tasks: Task[] = []
  let boss: PgBoss | undefined
  let starting: Promise<void> | undefined
  let isStopping = false

  async function start(): Promise<void> {
    if (tasks.length === 0) return
    const { PgBoss: Boss } = await import('pg-boss')
    if (isStopping) return
    boss = new Boss({ ...(await database.forJobs()), schema: 'jobs', schedule: false, superviseIntervalSeconds: 300 })
    boss.on('error', error => log.warn({ err: error }, 'The job runner met an error and goes on'))
    await boss.start()
    for (const task of tasks) if (!isStopping) await begin(boss, task)
  }

  async function begin(runner: PgBoss, { queue, seconds, run }: Task): Promise<void> {
    // why: "stately" keeps one waiting and one running job a queue, so that replicas cannot pile them up.
    await runner.createQueue(queue, {
      policy: 'stately',
      retryLimit: 0,
      expireInSeconds: Math.max(600, seconds),
      deleteAfterSeconds: 60,
    })
    // A shorter interval than the one a former start left waiting takes effect now.
    await sql`update jobs.job set start_after = least(start_after, now() + make_interval(secs => ${seconds}))
      where name = ${queue} and state = 'created'`.execute(database.db)
    const pollingIntervalSeconds = Math.min(LONGEST_POLL_SECONDS, Math.max(SHORTEST_POLL_SECONDS, seconds / 4))
    await runner.work(queue, { pollingIntervalSeconds }, async ([job]) => {
      try {
        const signal = job?.signal ?? new AbortController().signal
        await traced(`job ${queue}`, {}, async () => run({ signal }))
      } catch (error) {
        log.error({ err: error }, `The job ${queue} failed and will run again in ${seconds} s`)
      } finally {
        await sendNext(runner, queue, seconds)
      }
    })
    await runner.send(queue, null)
  }

  /** Without a next one the work would never be done again: a database that is away is waited for. */
  async function sendNext(runner: PgBoss, queue: string, seconds: number): Promise<void> {
    for (;;) {
      try {
        await runner.send(queue, null, { startAfter: seconds })
        return
      } catch (error) {
        if (isStopping) return
        log.warn({ err: error }, `The next run of ${queue} could not be noted; trying again in ${SEND_AGAIN_MS / 1000} s`)
        await new Promise(done => setTimeout(done, SEND_AGAIN_MS).unref())
      }
    }
  }

  return {
    every: (name, intervalMs, run) => void tasks.push({ queue: name, seconds: Math.max(1, Math.round(intervalMs / 1000)), run }),
    start: () => (starting = start()),
    async stop() {
      isStopping = true
      // why: pg-boss does not bear being stopped while it starts; whoever started it hears of its failure.
      await starting?.catch(() => undefined)
      await boss
        ?.stop({ graceful: true, timeout: 5_000, close: true })
        .catch((error: unknown) => log.warn({ err: error }, 'The jobs did not stop cleanly'))
    },
  }
}
