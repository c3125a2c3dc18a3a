import type { Config } from '@callboard/kernel/config/config'
import { globFiles } from '@callboard/kernel/reading/globFiles'
import type { Kernel } from '@callboard/kernel/services'
import { hash } from 'node:crypto'
import { isAbsolute, resolve } from 'node:path'
import { catalogSchema, type CatalogConfig } from './config.ts'
import type { Ingest } from './ingest/createIngest.ts'
import type { ReadContext } from './ingest/readSource.ts'
import { createRules } from './ingest/rules.ts'
import { buildModel } from './kinds/buildModel.ts'
import { stringifyLocationRef, type LocationRef } from './locationRef.ts'

/** What the configuration says of sources and of what may come from them. */
export type Settings = Pick<ReadContext, 'isAllowed' | 'rulesHash'> & { locations: LocationRef[] }

export async function readSettings(config: CatalogConfig, folder: string): Promise<Settings> {
  const locations = await Promise.all(config.locations.map(each => resolveTarget(each, folder)))
  const byRef = new Map(config.locations.map((each, index) => [each, locations[index] ?? each]))
  return {
    locations,
    isAllowed: createRules(config, each => stringifyLocationRef(byRef.get(each) ?? each)),
    rulesHash: hash('sha1', JSON.stringify([config.rules, config.locations.map(each => each.rules)])),
  }
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

/** Takes up kinds, rules and locations: at the start, when plugins have added theirs, and whenever the configuration changes. */
export function followSettings(
  kernel: Kernel,
  config: CatalogConfig,
  context: ReadContext,
  ingest: Ingest,
  locations: LocationRef[],
): void {
  const { kinds } = kernel.contributions
  let known = ''
  kernel.onReady(async () => {
    context.model = await buildModel(kernel.config, config, kinds)
    known = JSON.stringify([context.model.hash, context.rulesHash, locations])
  })
  kernel.onConfig({
    keys: ['catalog.kinds', 'catalog.modelLayers', 'catalog.rules', 'catalog.locations'],
    files: next => readSection(next).modelLayers.map(file => resolve(next.dir, file)),
    async prepare(next) {
      const section = readSection(next)
      const model = await buildModel(next, section, kinds)
      const { locations: wanted, isAllowed, rulesHash } = await readSettings(section, next.dir)
      return async () => {
        const state = JSON.stringify([model.hash, rulesHash, wanted])
        if (state === known) return
        known = state
        Object.assign(context, { model, isAllowed, rulesHash })
        await ingest.reconfigure(wanted)
      }
    },
  })
}

function readSection(config: Config): CatalogConfig {
  return config.section('catalog', catalogSchema)
}
