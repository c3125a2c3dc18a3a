import type { Log, Plugin, Portal, Service } from '@callboard/sdk'
import { z } from '@callboard/sdk'
import { parseQuery } from '@callboard/sdk/query'
import { parseDuration } from '../config/duration.ts'
import { kernelErrors } from '../errors.ts'
import type { Jobs } from '../jobs.ts'
import type { Logger } from '../log.ts'
import type { Kernel } from '../services.ts'
import type { PluginReport } from './contributions.ts'
import { createRoutes } from './createRoutes.ts'

/** What plugins provide to each other, by the id of the service. */
export type Provided = Map<string, { plugin: string; implementation: object }>

export type PluginParts = { kernel: Kernel; jobs: Jobs; provided: Provided; report: PluginReport; settings: unknown }

/** The portal as one plugin is given it. Every verb also writes a line of the plugin's report. */
export function createPortal(plugin: Plugin, parts: PluginParts): Portal<unknown> {
  const { kernel, report } = parts
  const { name } = plugin
  const { contributions } = kernel
  return {
    name,
    config: parts.settings,
    log: pluginLog(kernel.log.child({ plugin: name })),
    db: kernel.database.db.withSchema(schemaOf(name)),
    ...createRoutes(plugin, parts),
    card(card) {
      // A query that cannot be read stops the start, and not every entity's page.
      if (card.for !== undefined) parseQuery(card.for)
      report.cards.push(card.title)
      contributions.cards.push({ ...card, plugin: name, id: `${name}/${report.cards.length}` })
    },
    tab(tab) {
      if (tab.for !== undefined) parseQuery(tab.for)
      report.tabs.push(tab.title)
      contributions.tabs.push({ ...tab, plugin: name, id: `${name}-${report.tabs.length}` })
    },
    kind(kind) {
      report.kinds.push(kind.kind)
      contributions.kinds.push({ ...kind, plugin: name, id: `${name}/${kind.kind}` })
    },
    page(page) {
      report.pages.push(page.title)
      contributions.pages.push({ ...page, plugin: name, id: `${name}/${report.pages.length}` })
    },
    source(source) {
      report.sources.push(source.name)
      contributions.sources.push({ ...source, plugin: name, id: `${name}/${source.name}` })
    },
    every(interval, run) {
      report.jobs.push(`every ${interval}`)
      parts.jobs.every(`${name}-${report.jobs.length}`, parseDuration(interval), run)
    },
    on(event, run) {
      report.events.push(event)
      kernel.events.on(event, run)
    },
    policy(policy) {
      report.policies++
      kernel.permissions.addPolicy(policy)
    },
    provide(service, implementation) {
      const taken = parts.provided.get(service.id)
      if (taken) throw kernelErrors.PLUGIN_SERVICE_TAKEN({ service: service.id, first: taken.plugin, second: name })
      report.provides.push(service.id)
      parts.provided.set(service.id, { plugin: name, implementation })
    },
    use(service) {
      report.uses.push(service.id)
      return lateService(service, name, parts.provided)
    },
    async fetchJson(url, shape) {
      const answer = await kernel.reader.readUrl(url, {})
      const parsed = shape.safeParse(answer.status === 'read' ? parseJson(url, answer.text) : undefined)
      if (!parsed.success)
        throw kernelErrors.UPSTREAM_SHAPE({ url, reason: z.prettifyError(parsed.error) }, { where: { plugin: name } })
      return parsed.data
    },
  }
}

/** The database schema of a plugin's tables. */
export function schemaOf(plugin: string): string {
  return plugin.replaceAll('-', '_')
}

function parseJson(url: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw kernelErrors.UPSTREAM_SHAPE({ url, reason: 'it is not JSON' }, { cause })
  }
}

/** Stands for a service that may be provided later, so that the order of plugins does not matter. */
function lateService<T extends object>(service: Service<T>, plugin: string, provided: Provided): T {
  // why: the proxy forwards every property to an implementation of T.
  return new Proxy({} as T, {
    get(_target, property) {
      const found = provided.get(service.id)
      if (!found) throw kernelErrors.PLUGIN_SERVICE_MISSING({ name: plugin, service: service.id })
      const value: unknown = Reflect.get(found.implementation, property)
      return typeof value === 'function' ? value.bind(found.implementation) : value
    },
  })
}

function pluginLog(logger: Logger): Log {
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  }
}
