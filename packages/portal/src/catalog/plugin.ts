import { globFiles } from '@callboard/kernel/reading/globFiles'
import { kernelService, type Kernel } from '@callboard/kernel/services'
import { definePlugin, type Portal } from '@callboard/sdk'
import { hash } from 'node:crypto'
import { isAbsolute, resolve } from 'node:path'
import { catalogService } from './catalogService.ts'
import { catalogSchema, type CatalogConfig } from './config.ts'
import { createCatalogService } from './createCatalogService.ts'
import { addChangeRoutes } from './api/changes.ts'
import { addAnalysisRoute } from './api/analyzeLocation.ts'
import { addEntityRoutes } from './api/entities.ts'
import { addHistoryRoutes } from './api/history.ts'
import { addInspectionRoutes } from './api/inspection.ts'
import { addLocationRoutes } from './api/locations.ts'
import { addWebhookRoutes } from './api/webhooks.ts'
import { addPredicateRoutes } from './api/predicates.ts'
import { followChanges } from './followChanges.ts'
import { createIndex, type CatalogIndex } from './index/createIndex.ts'
import { createIngest, type Ingest } from './ingest/createIngest.ts'
import { createIngestMetrics } from './ingest/metrics.ts'
import type { ReadContext } from './ingest/readSource.ts'
import { createRules } from './ingest/rules.ts'
import { createSyncLoop } from './ingest/syncLoop.ts'
import { createSourceWatch } from './ingest/watchSources.ts'
import { stringifyLocationRef, type LocationRef } from './locationRef.ts'

/** What the parts of this feature share. */
export type Catalog = {
  kernel: Kernel
  config: CatalogConfig
  ingest: Ingest
  /** What is kept in memory of the present. */
  index: CatalogIndex
  context: ReadContext
  /** Has the sources looked at in the background, and sees it through. */
  syncSoon(): void
}

/** The software catalog: reads descriptors from sources, keeps every version, answers questions. */
export const catalogPlugin = definePlugin({
  name: 'catalog',
  config: catalogSchema,
  migrations: new URL('./migrations/', import.meta.url),
  async setup(portal) {
    const kernel = portal.use(kernelService)
    const catalog = await createCatalog(kernel, portal.config)
    portal.provide(catalogService, createCatalogService(kernel))
    addEntityRoutes(portal, catalog)
    addPredicateRoutes(portal, catalog)
    addInspectionRoutes(portal, catalog)
    addHistoryRoutes(portal, catalog)
    addChangeRoutes(portal, catalog)
    addWebhookRoutes(portal, catalog)
    addLocationRoutes(portal, catalog)
    addAnalysisRoute(portal, catalog)
    portal.every('10 seconds', () => catalog.ingest.readDue())
    addPluginSources(portal, catalog)
  },
})

async function createCatalog(kernel: Kernel, config: CatalogConfig): Promise<Catalog> {
  const configLocations = await Promise.all(config.locations.map(each => resolveTarget(each, kernel.config.dir)))
  const byRef = new Map(config.locations.map((each, index) => [each, configLocations[index] ?? each]))
  const metrics = createIngestMetrics(kernel.metrics)
  const stopping = new AbortController()
  const context: ReadContext = {
    reader: kernel.reader,
    isAllowed: createRules(config, each => stringifyLocationRef(byRef.get(each) ?? each)),
    rulesHash: hash('sha1', JSON.stringify([config.rules, config.locations.map(each => each.rules)])),
    pluginSources: new Map(),
    signal: stopping.signal,
    onParsed: count => metrics.documents.inc(count),
  }
  const syncSoon = createSyncLoop(() => ingest, kernel.log, stopping.signal)
  const watch = createSourceWatch(kernel.log, () => ingest, syncSoon)
  const onSources = (...args: Parameters<typeof watch.update>) => {
    if (!stopping.signal.aborted) watch.update(...args)
  }
  const ingest = createIngest({ kernel, config, configLocations, context, metrics, onSources })
  const index = createIndex(kernel, ingest.isBusy)
  let stopFollowing: (() => Promise<void>) | undefined
  kernel.onStarted(async () => {
    stopFollowing = await followChanges(kernel)
    index.start()
    syncSoon()
  })
  kernel.onStop(async () => {
    stopping.abort()
    await watch.close()
    await ingest.settled()
    await stopFollowing?.()
    await index.stop()
  })
  return { kernel, config, ingest, index, context, syncSoon }
}

/** A file of the configuration lies beside it, or where Backstage's backend would have looked. */
async function resolveTarget(location: LocationRef, folder: string): Promise<LocationRef> {
  const { type, target } = location
  if (type !== 'file' || isAbsolute(target)) return { type, target }
  const candidates = [resolve(folder, target), resolve(folder, 'packages/backend', target)]
  for (const candidate of candidates) {
    if ((await globFiles(candidate, folder)).length > 0) return { type, target: candidate }
  }
  return { type, target: candidates[0] ?? target }
}

/** Sources of plugins are read at the start, and then as often as they say. All plugins are set up by the time the portal starts. */
function addPluginSources(portal: Portal<unknown>, { kernel, context, ingest }: Catalog): void {
  kernel.onReady(() => {
    for (const source of kernel.contributions.sources) {
      context.pluginSources.set(source.id, source)
      if (!source.every) continue
      portal.every(source.every, () => ingest.readPlugin(source.id))
    }
  })
}
