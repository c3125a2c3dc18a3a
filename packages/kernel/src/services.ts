import { defineService } from '@callboard/sdk'
import type { Config } from './config/config.ts'
import type { ConfigFollower, ConfigUser } from './config/followConfig.ts'
import type { Database } from './database/openDatabase.ts'
import type { Events } from './events.ts'
import type { Http } from './http/createHttp.ts'
import type { Logger } from './log.ts'
import type { Metrics } from './metrics.ts'
import type { Permissions } from './permission.ts'
import type { Contributions } from './plugins/contributions.ts'
import type { Reader } from './reading/reader.ts'

/** What the kernel itself provides to features, which may know it; plugins have the sdk's verbs. */
export type Kernel = {
  config: Config
  database: Database
  events: Events
  http: Http
  log: Logger
  metrics: Metrics
  permissions: Permissions
  contributions: Contributions
  reader: Reader
  /** Takes up changes of the configuration while the portal runs. */
  onConfig(user: ConfigUser): void
  /** What is wrong with a changed configuration, which is not in use then. */
  configProblem: ConfigFollower['problem']
  /** Called when all plugins are set up, before the portal listens. */
  onReady(run: () => unknown): void
  /** Registers work to do once the portal listens, and how to end it. */
  onStarted(run: () => unknown): void
  onStop(run: () => unknown): void
}

export const kernelService = defineService<Kernel>('kernel')
