import { PortalError, z, type Plugin } from '@callboard/sdk'
import { fileURLToPath } from 'node:url'
import type { Config } from '../config/config.ts'
import type { Migrations } from '../database/migrate.ts'
import { kernelErrors } from '../errors.ts'
import type { Jobs } from '../jobs.ts'
import type { Kernel } from '../services.ts'
import { kernelService } from '../services.ts'
import type { PluginReport } from './contributions.ts'
import { createPortal, schemaOf, type Provided } from './createPortal.ts'
import { strict } from './createRoutes.ts'
import type { LoadedPlugin } from './loadPlugins.ts'

/** The schemas and folders of all plugins that bring migrations. */
export function migrationsOf(plugins: LoadedPlugin[]): Migrations[] {
  return plugins.flatMap(({ plugin }) =>
    plugin.migrations ? [{ schema: schemaOf(plugin.name), folder: asFolder(plugin.migrations) }] : [],
  )
}

function asFolder(url: URL): URL {
  return url.href.endsWith('/') ? url : new URL(`${url.href}/`)
}

/** Checks the configuration of each plugin and calls its setup. An optional one that fails is left out and reported. */
export async function setupPlugins(plugins: LoadedPlugin[], kernel: Kernel, jobs: Jobs): Promise<PluginReport[]> {
  const provided: Provided = new Map([[kernelService.id, { plugin: 'kernel', implementation: kernel }]])
  const reports: PluginReport[] = []
  for (const { plugin, from, optional } of plugins) {
    if (reports.some(report => report.name === plugin.name)) throw kernelErrors.PLUGIN_NAME_TAKEN({ name: plugin.name })
    const report = emptyReport(plugin.name, from)
    reports.push(report)
    try {
      const settings = readSettings(plugin, kernel.config)
      await plugin.setup(createPortal(plugin, { kernel, jobs, provided, report, settings }))
    } catch (cause) {
      // Errors of the configuration and of plugins say whose they are; any other gets the plugin's name.
      const isNamed = cause instanceof PortalError && /^(PLUGIN|CONFIG)_/.test(cause.code)
      const error = isNamed ? cause : setupError(plugin.name, from, cause)
      if (!optional) throw error
      report.error = error.message
      kernel.log.error({ err: error }, `The plugin ${plugin.name} is left out`)
    }
  }
  requireServices(reports, provided)
  return reports
}

function readSettings(plugin: Plugin, config: Config): unknown {
  if (!plugin.config) return undefined
  const schema = strict(plugin.config)
  return config.section(plugin.name, config.get(plugin.name) === undefined ? acceptMissing(schema) : schema)
}

/** Without a section, a schema whose keys are all optional still gives its defaults. */
function acceptMissing(schema: z.ZodType): z.ZodType {
  return schema.safeParse({}).success ? z.preprocess(value => value ?? {}, schema) : schema
}

function setupError(name: string, from: string, cause: unknown): PortalError {
  const file = from.startsWith('.') ? from : undefined
  const reason = cause instanceof Error ? cause.message : String(cause)
  return kernelErrors.PLUGIN_SETUP_FAILED({ name, reason }, { cause, where: { plugin: name, ...(file ? { file } : {}) } })
}

function requireServices(reports: PluginReport[], provided: Provided): void {
  for (const { name, uses, error } of reports) {
    const missing = uses.find(service => !provided.has(service))
    if (missing && !error) throw kernelErrors.PLUGIN_SERVICE_MISSING({ name, service: missing })
  }
}

function emptyReport(name: string, from: string): PluginReport {
  return {
    name,
    from,
    routes: [],
    cards: [],
    tabs: [],
    kinds: [],
    pages: [],
    sources: [],
    jobs: [],
    events: [],
    policies: 0,
    provides: [],
    uses: [],
  }
}

/** Where a built-in plugin stands, for the report. */
export function builtIn(plugin: Plugin): LoadedPlugin {
  return {
    plugin,
    from: plugin.migrations ? fileURLToPath(new URL('..', asFolder(plugin.migrations))) : 'built in',
    optional: false,
  }
}
