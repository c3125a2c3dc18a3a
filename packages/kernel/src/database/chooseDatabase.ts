import { resolve } from 'node:path'
import type { Config } from '../config/config.ts'
import { backendSchema } from '../config/schema.ts'
import type { DatabaseTarget } from './openDatabase.ts'

/**
 * `DATABASE_URL`, else `backend.database` with `client: pg`, else the embedded database.
 * SQLite, which Backstage's own template names, means the embedded one. A data folder is for the embedded one alone.
 */
export function chooseDatabase(config: Config, env: NodeJS.ProcessEnv, dataDir: string | undefined): DatabaseTarget {
  if (env.DATABASE_URL) return { client: 'postgres', connection: { connectionString: env.DATABASE_URL } }
  const settings = config.section('backend', backendSchema).database
  if (settings?.client === 'pg') {
    const connection = typeof settings.connection === 'string' ? { connectionString: settings.connection } : settings.connection
    return { client: 'postgres', connection: connection ?? {} }
  }
  return { client: 'pglite', directory: resolve(dataDir ?? resolve(config.dir, '.callboard'), 'db') }
}
