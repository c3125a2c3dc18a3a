import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import { mkdir } from 'node:fs/promises'
import { kernelErrors } from '../errors.ts'
import { lockFolder } from './lockFolder.ts'
import type { AnyTables, Database } from './openDatabase.ts'

/** One connection serves one portal: the defaults, meant for a server of many, take 150 MB more. */
const SETTINGS = ['shared_buffers=16MB', 'max_connections=8', 'wal_buffers=1MB', 'maintenance_work_mem=16MB']

/** Opens the embedded database in a folder, or in memory. One process at a time may hold a folder. */
export async function openPglite(directory: string | undefined, restore?: Blob): Promise<Database> {
  const unlock = directory ? await prepareFolder(directory) : undefined
  let lite: PGlite
  try {
    const startParams = [...PGlite.defaultStartParams, ...SETTINGS.flatMap(setting => ['-c', setting])]
    lite = await PGlite.create({
      startParams,
      ...(directory ? { dataDir: directory } : {}),
      ...(restore ? { loadDataDir: restore } : {}),
    })
  } catch (cause) {
    await unlock?.()
    throw kernelErrors.DATABASE_FOLDER({ directory: directory ?? 'memory', reason: String(cause) }, { cause })
  }
  const db = new Kysely<AnyTables>({ dialect: new PGliteDialect({ pglite: lite }) })
  return {
    kind: 'pglite',
    db,
    exec: async script => void (await lite.exec(script)),
    ping: async () => !lite.closed,
    async listen(channel, hear) {
      const stop = await lite.listen(channel, hear)
      hear()
      return async () => (lite.closed ? undefined : stop())
    },
    forJobs: async () => {
      const { fromPglite } = await import('pg-boss')
      return { db: fromPglite(lite), backend: 'pglite' }
    },
    dump: () => lite.dumpDataDir('none'),
    close: async () => {
      await db.destroy()
      if (!lite.closed) await lite.close()
      await unlock?.()
    },
  }
}

async function prepareFolder(directory: string): Promise<() => Promise<void>> {
  try {
    await mkdir(directory, { recursive: true })
    return await lockFolder(directory)
  } catch (cause) {
    if (cause instanceof Error && 'hint' in cause) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw kernelErrors.DATABASE_FOLDER({ directory, reason }, { cause })
  }
}
