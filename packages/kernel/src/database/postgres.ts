import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { kernelErrors } from '../errors.ts'
import type { Logger } from '../log.ts'
import { listenToNotices } from './listenToNotices.ts'
import type { AnyTables, Database } from './openDatabase.ts'

const INT8_OID = 20
const OLDEST_MAJOR = 14
const STATEMENT_NAMES = 500

pg.types.setTypeParser(INT8_OID, Number)

/** Connects to PostgreSQL and checks that it answers and is new enough. */
export async function openPostgres(connection: pg.PoolConfig, log: Logger): Promise<Database> {
  const pool = new pg.Pool({
    max: 10,
    connectionTimeoutMillis: 5_000,
    application_name: 'callboard',
    onConnect: planOnce,
    ...connection,
  })
  pool.on('error', error => log.warn({ err: error }, 'The database closed an idle connection'))
  await check(pool, connection)
  const db = new Kysely<AnyTables>({ dialect: new PostgresDialect({ pool: withPreparedStatements(pool) }) })
  return {
    kind: 'postgres',
    db,
    exec: async script => void (await pool.query(script)),
    ping: async () =>
      pool.query('select 1').then(
        () => true,
        () => false,
      ),
    listen: (channel, hear) => listenToNotices(connection, channel, hear, log),
    forJobs: async () => ({ ...connection, max: 2, application_name: 'callboard jobs' }),
    close: () => db.destroy(),
  }
}

/** Planning a statement anew for its values takes longer than many of them run: facets under a filter went from 14 to 3 ms. */
async function planOnce(client: pg.ClientBase): Promise<void> {
  await client.query('set plan_cache_mode = force_generic_plan')
}

async function check(pool: pg.Pool, connection: pg.PoolConfig): Promise<void> {
  try {
    const { rows } = await pool.query<{ major: number }>("select current_setting('server_version_num')::int / 10000 as major")
    const major = rows[0]?.major ?? 0
    if (major < OLDEST_MAJOR) throw kernelErrors.DATABASE_TOO_OLD({ major, oldest: OLDEST_MAJOR })
  } catch (cause) {
    await pool.end()
    if (cause instanceof Error && 'hint' in cause && 'status' in cause) throw cause
    const { host, port, database } = describe(connection)
    const reason = cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : String(cause)
    throw kernelErrors.DATABASE_UNREACHABLE({ host, port, database, reason }, { cause })
  }
}

function describe(connection: pg.PoolConfig): { host: string; port: string; database: string } {
  if (connection.connectionString) {
    try {
      const url = new URL(connection.connectionString)
      return { host: url.hostname || 'localhost', port: url.port || '5432', database: url.pathname.slice(1) }
    } catch {
      return { host: 'the connection string', port: '?', database: '?' }
    }
  }
  return {
    host: connection.host ?? 'localhost',
    port: String(connection.port ?? 5432),
    database: connection.database ?? connection.user ?? '?',
  }
}

/**
 * Gives each statement a name, so that PostgreSQL parses and plans it once per connection.
 * The text of a statement is bounded in variety (lists are arrays); past the bound statements go unnamed.
 */
function withPreparedStatements(pool: pg.Pool): ConstructorParameters<typeof PostgresDialect>[0]['pool'] {
  const names = new Map<string, string>()
  const nameOf = (text: string): string | undefined => {
    let name = names.get(text)
    if (!name && names.size < STATEMENT_NAMES) names.set(text, (name = `s${names.size}`))
    return name
  }
  const wrapped = new WeakMap<pg.PoolClient, object>()
  const wrap = (client: pg.PoolClient): object => {
    let outer = wrapped.get(client)
    if (!outer) {
      // why: a connection that is lost between two statements of a transaction says so at the next one; nobody else listens.
      client.on('error', () => undefined)
      outer = {
        query: (text: string, values: unknown[]) =>
          /^\s*(select|with|insert|update|delete)/i.test(text)
            ? client.query({ name: nameOf(text), text, values })
            : client.query(text, values),
        release: () => client.release(),
      }
      wrapped.set(client, outer)
    }
    return outer
  }
  // why: Kysely asks for the small part of a pool that is given here.
  return { connect: async () => wrap(await pool.connect()), end: () => pool.end(), options: {} } as never
}
