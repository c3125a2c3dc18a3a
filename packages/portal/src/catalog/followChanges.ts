import type { Kernel } from '@callboard/kernel/services'
import { sql } from 'kysely'
import { readHead } from './index/loadRows.ts'
import { CHANGES_CHANNEL } from './store/inTransaction.ts'

const MOST_AT_ONCE = 2000

/**
 * Turns what any replica writes into events of this process, each change once and in order. A notice only says that there
 * is something; what it is, is read by revision, so that a lost notice loses nothing.
 */
export async function followChanges(kernel: Kernel): Promise<() => Promise<void>> {
  const { database, events, log } = kernel
  const { db } = database
  let seen = await readHead(db)
  let isWanted = false
  let running: Promise<void> | undefined
  let isStopped = false

  async function catchUp(): Promise<void> {
    for (let more = true; more && !isStopped;) {
      const { rows } = await sql<{ revision: number; ref: string }>`select id as revision, ref from catalog.entity_version
        where id > ${seen.revision}::bigint order by id limit ${MOST_AT_ONCE}`.execute(db)
      const last = rows.at(-1)
      if (last) {
        seen = { ...seen, revision: last.revision }
        events.emit('catalog.changed', { refs: [...new Set(rows.map(row => row.ref))], revision: last.revision })
      }
      more = rows.length === MOST_AT_ONCE
    }
    const { problems } = await readHead(db)
    if (problems !== seen.problems) events.emit('catalog.problems', { revision: problems })
    seen = { ...seen, problems }
  }

  function hear(): void {
    isWanted = true
    running ??= run().finally(() => (running = undefined))
  }

  async function run(): Promise<void> {
    while (isWanted && !isStopped) {
      isWanted = false
      // why: when the database is back the connection for notices is opened anew, and that counts as a notice.
      await catchUp().catch((error: unknown) => (isStopped ? undefined : log.warn({ err: error }, 'Changes could not be told')))
    }
  }

  const stop = await database.listen(CHANGES_CHANNEL, hear)
  return async () => {
    isStopped = true
    await stop()
    await running
  }
}
