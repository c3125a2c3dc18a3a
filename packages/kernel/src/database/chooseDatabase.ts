import { resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { backendSchema } from '../config/schema.ts'
import { kernelErrors } from '../errors.ts'
import type { DatabaseTarget } from './openDatabase.ts'

/**
 * `DATABASE_URL`, else `backend.database` with `client: pg`, else the embedded database.
 * SQLite, which Backstage's own template names, means the embedded one. A data folder is for the embedded one alone.
 *
 * @throws PortalError DATABASE_CLIENT
 */
export function chooseDatabase(config: Config, env: NodeJS.ProcessEnv, dataDir: string | undefined): DatabaseTarget {
  if (env.DATABASE_URL) return { client: 'postgres', connection: { connectionString: env.DATABASE_URL } }
  const settings = config.section('backend', backendSchema)?.database
  const client = settings?.client ?? 'pglite'
  if (client === 'pg') {
    const connection = typeof settings?.connection === 'string' ? { connectionString: settings.connection } : settings?.connection
    return { client: 'postgres', connection: connection ?? {} }
  }
  if (!['pg', 'pglite', 'better-sqlite3', 'sqlite3'].includes(client)) {
    throw kernelErrors.DATABASE_CLIENT({ client }, { where: config.place('backend.database.client') })
  }
  return { client: 'pglite', directory: resolve(dataDir ?? resolve(config.dir, '.callboard'), 'db') }
}
