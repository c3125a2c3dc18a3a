import type { Plugin } from '@callboard/sdk'
import { backendSchema, integrationsSchema, KERNEL_SECTIONS } from './config/schema.ts'
import type { Config } from './config/config.ts'
import { followConfig, type ConfigUser } from './config/followConfig.ts'
import { chooseDatabase } from './database/chooseDatabase.ts'
import { migrate } from './database/migrate.ts'
import { openDatabase, type Database, type DatabaseTarget } from './database/openDatabase.ts'
import { createEvents } from './events.ts'
import { closeHttp } from './http/closeHttp.ts'
import { createHttp } from './http/createHttp.ts'
import { listen } from './http/listen.ts'
import { addServerSentEvents } from './http/serverSentEvents.ts'
import { createIdentity } from './identity.ts'
import { createJobs } from './jobs.ts'
import { createLog, type Logger } from './log.ts'
import { createMetrics } from './metrics.ts'
import { createPermissions } from './permission.ts'
import type { PluginReport } from './plugins/contributions.ts'
import { loadPlugins } from './plugins/loadPlugins.ts'
import { builtIn, migrationsOf, setupPlugins } from './plugins/setupPlugins.ts'
import { createReader } from './reading/reader.ts'
import { addReadingMetrics } from './reading/addReadingMetrics.ts'
import type { Kernel } from './services.ts'
import { exportSpans } from './telemetry.ts'

export type StartOptions = {
  config: Config
  /** Reads the configuration again. Without it, changes wait for the next start. */
  reloadConfig?: () => Promise<Config>
  /** The built-in features. */
  features: Plugin[]
  env?: NodeJS.ProcessEnv
  /** Overrides what configuration and environment say. */
  database?: DatabaseTarget
  dataDir?: string | undefined
  port?: number | undefined
  host?: string | undefined
  /** Let everyone in as the guest though the configuration asks for a sign-in. */
  open?: boolean
  log?: Logger
  /** Set plugins up and stop there: nothing listens, nothing runs. */
  dryRun?: boolean
}

export type RunningPortal = {
  /** Such as `http://127.0.0.1:7007`. */
  url: string
  plugins: PluginReport[]
  kernel: Kernel
  database: Database
  /** Takes up what has changed in the configuration. One that is wrong is told in the log and changes nothing. */
  reload(): Promise<void>
  /** Finishes requests, stops jobs, closes the database. */
  close(): Promise<void>
}

/** Starts a portal: opens and migrates the database, sets the plugins up, listens, and only then begins background work. */
export async function startKernel(options: StartOptions): Promise<RunningPortal> {
  const { config, env = process.env } = options
  const log =
    options.log ??
    (await createLog({ secrets: config.secrets(), pretty: Boolean(process.stdout.isTTY), level: env.LOG_LEVEL ?? 'info' }))
  const backend = config.section('backend', backendSchema)
  const identify = createIdentity(config, options.open ?? false)
  const plugins = [...options.features.map(builtIn), ...(await loadPlugins(config))]
  reportUnowned(
    config,
    plugins.map(each => each.plugin.name),
    log,
  )

  const database = await openDatabase(options.database ?? chooseDatabase(config, env, options.dataDir), log)
  const stopSpans = await exportSpans(env)
  const metrics = createMetrics()
  const events = createEvents(log)
  const jobs = createJobs(database, log)
  const configUsers: ConfigUser[] = []
  const follower = followConfig({ config, load: options.reloadConfig ?? (async () => config), users: configUsers, log })
  const ready: (() => unknown)[] = []
  const started: (() => unknown)[] = []
  const stopped: (() => unknown)[] = []
  try {
    // Both at once; should one fail, the other is let finish before the database is closed.
    const migrated = migrate(database, migrationsOf(plugins))
    const [made] = await Promise.allSettled([createHttp({ config, log, metrics, identify }), migrated])
    await migrated
    if (made.status === 'rejected') throw made.reason
    const http = made.value
    const kernel: Kernel = {
      config,
      database,
      events,
      http,
      log,
      metrics,
      permissions: createPermissions(),
      contributions: { cards: [], tabs: [], kinds: [], pages: [], sources: [] },
      reader: createReader({
        integrations: config.section('integrations', integrationsSchema),
        allow: backend.reading.allow,
      }),
      onConfig: user => void configUsers.push(user),
      configProblem: follower.problem,
      onReady: run => void ready.push(run),
      onStarted: run => void started.push(run),
      onStop: run => void stopped.push(run),
    }
    addReadingMetrics(metrics, kernel.reader)
    addServerSentEvents(http.app, events)
    const reports = await setupPlugins(plugins, kernel, jobs)
    for (const run of ready) await run()
    const url = options.dryRun ? '' : await listen(http.app, backend, options)
    let closing: Promise<void> | undefined
    const close = async () => {
      http.stopping = true
      await follower.close()
      for (const run of stopped.toReversed()) await run()
      await closeHttp(http.app)
      await jobs.stop()
      await kernel.reader.close()
      await database.close()
      await stopSpans()
    }
    if (!options.dryRun) {
      for (const run of started) await run()
      if (options.reloadConfig) follower.start()
      jobs.start().catch((error: unknown) => log.error({ err: error }, 'The jobs could not be started'))
    }
    return { url, plugins: reports, kernel, database, reload: follower.reload, close: () => (closing ??= close()) }
  } catch (error) {
    await database.close()
    throw error
  }
}

function reportUnowned(config: Config, plugins: string[], log: Logger): void {
  const unowned = config.unownedSections([...KERNEL_SECTIONS, ...plugins])
  if (unowned.length > 0) log.info(`Configuration that nothing here uses: ${unowned.join(', ')}`)
}
