import { kernelService, type Kernel } from '@callboard/kernel/services'
import { definePlugin, type Portal } from '@callboard/sdk'
import { catalogService } from './catalogService.ts'
import { catalogSchema, type CatalogConfig } from './config.ts'
import { createCatalogService } from './createCatalogService.ts'
import { addChangeRoutes } from './api/changes.ts'
import { addAnalysisRoute } from './api/analyzeLocation.ts'
import { addEntityRoutes } from './api/entities.ts'
import { addHistoryRoutes } from './api/history.ts'
import { addHostRoute } from './api/hosts.ts'
import { addInspectionRoutes } from './api/inspection.ts'
import { addKindRoutes } from './api/kinds.ts'
import { addLocationRoutes } from './api/locations.ts'
import { addSourceRoutes } from './api/sources.ts'
import { addWebhookRoutes } from './api/webhooks.ts'
import { addPredicateRoutes } from './api/predicates.ts'
import { addQueryTools } from './api/queryTools.ts'
import { followChanges } from './followChanges.ts'
import { followSettings, readSettings } from './followSettings.ts'
import { createIndex, type CatalogIndex } from './index/createIndex.ts'
import { createIngest, type Ingest } from './ingest/createIngest.ts'
import { createIngestMetrics } from './ingest/metrics.ts'
import type { ReadContext } from './ingest/readSource.ts'
import { createSyncLoop } from './ingest/syncLoop.ts'
import { createSourceWatch } from './ingest/watchSources.ts'
import { createCoreModel } from './kinds/model.ts'
import { SOURCES_CHANNEL } from './store/locations.ts'

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
  /** The same, for what is new on the list: the others are not looked at. */
  syncNewSoon(): void
}

/** The software catalog: reads descriptors from sources, keeps every version, answers questions. */
export const catalogPlugin = definePlugin({
  name: 'catalog',
  config: catalogSchema,
  migrations: new URL('./migrations/', import.meta.url),
  async setup(portal) {
    const kernel = portal.use(kernelService)
    const catalog = await createCatalog(kernel, portal.config)
    portal.provide(catalogService, createCatalogService(kernel, catalog.ingest))
    addEntityRoutes(portal, catalog)
    addPredicateRoutes(portal, catalog)
    addInspectionRoutes(portal, catalog)
    addKindRoutes(portal, catalog)
    addHistoryRoutes(portal, catalog)
    addChangeRoutes(portal, catalog)
    addWebhookRoutes(portal, catalog)
    addLocationRoutes(portal, catalog)
    addSourceRoutes(portal, catalog)
    addHostRoute(portal, catalog)
    addAnalysisRoute(portal, catalog)
    addQueryTools(portal, catalog)
    portal.every('10 seconds', () => catalog.ingest.readDue())
    addPluginSources(portal, catalog)
  },
})

async function createCatalog(kernel: Kernel, config: CatalogConfig): Promise<Catalog> {
  const { locations, isAllowed, rulesHash } = await readSettings(config, kernel.config.dir)
  const metrics = createIngestMetrics(kernel.metrics)
  const stopping = new AbortController()
  const context: ReadContext = {
    reader: kernel.reader,
    isAllowed,
    rulesHash,
    model: createCoreModel(),
    pluginSources: new Map(),
    signal: stopping.signal,
    onParsed: count => metrics.documents.inc(count),
  }
  const syncSoon = createSyncLoop(() => ingest.sync(), kernel.log, stopping.signal)
  const syncNewSoon = createSyncLoop(() => ingest.syncNew(), kernel.log, stopping.signal)
  const watch = createSourceWatch(kernel.log, () => ingest, syncSoon)
  const onSources = (...args: Parameters<typeof watch.update>) => {
    if (!stopping.signal.aborted) watch.update(...args)
  }
  const onLost = (error: unknown) => {
    if (stopping.signal.aborted) return
    kernel.log.error({ err: error }, 'A source could not be taken in; it is read again')
    syncSoon()
  }
  const ingest = createIngest({ kernel, config, configLocations: locations, context, metrics, onSources, onLost })
  const index = createIndex(kernel, ingest.isBusy)
  followSettings(kernel, config, context, ingest, locations)
  let stopFollowing: (() => Promise<void>) | undefined
  kernel.onStarted(async () => {
    const stopHearing = await kernel.database.listen(SOURCES_CHANNEL, syncNewSoon)
    const stopTelling = await followChanges(kernel)
    stopFollowing = async () => {
      await stopHearing()
      await stopTelling()
    }
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
  return { kernel, config, ingest, index, context, syncSoon, syncNewSoon }
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
