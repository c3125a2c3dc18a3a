import { formatKey } from '@callboard/kernel/config/keyPath'
import type { Config } from '@callboard/kernel/config/config'
import type { Contributed } from '@callboard/kernel/plugins/contributions'
import type { Kind } from '@callboard/sdk'
import type { PortalError, Place } from '@callboard/sdk/errors'
import { portalErrors } from '../../errors.ts'
import type { CatalogConfig } from '../config.ts'
import { addKind } from './addKind.ts'
import type { KindDefinition } from './kindDefinition.ts'
import { kindEntrySchema } from './kindEntry.ts'
import { KindFault } from './kindFault.ts'
import { CORE_KINDS } from './kinds.ts'
import { checkRelations, createModel, type Model } from './model.ts'
import { addLayers, readLayers } from './modelLayers.ts'

/**
 * The kinds of the portal: those of every portal, of plugins, of model layers, and of the configuration, which has the last word.
 *
 * @throws PortalError CONFIG_KIND, CONFIG_MODEL_LAYER
 */
export async function buildModel(config: Config, catalog: CatalogConfig, kinds: Contributed<Kind>[]): Promise<Model> {
  let definitions: readonly KindDefinition[] = CORE_KINDS
  const inverses = new Map<string, string>()
  for (const { plugin, id: _, kind, ...entry } of kinds) {
    try {
      definitions = addKind(definitions, kind, kindEntrySchema.parse(entry))
      checkRelations(definitions, kind, inverses)
    } catch (cause) {
      throw pluginError(plugin, kind, cause)
    }
  }
  const layers = await readLayers(catalog.modelLayers, config.dir)
  definitions = addLayers(definitions, layers, inverses)
  for (const [kind, entry] of Object.entries(catalog.kinds)) {
    try {
      definitions = addKind(definitions, kind, entry)
    } catch (cause) {
      throw configError(config, kind, cause)
    }
  }
  // Kinds of one section may point to each other, whatever their order.
  for (const kind of Object.keys(catalog.kinds)) {
    try {
      checkRelations(definitions, kind, inverses)
    } catch (cause) {
      throw configError(config, kind, cause)
    }
  }
  return createModel(definitions)
}

function configError(config: Config, kind: string, cause: unknown): unknown {
  if (!(cause instanceof KindFault)) return cause
  const place = findPlace(config, ['catalog', 'kinds', kind, ...indexed(config, kind, cause.path)])
  const at = place?.file ? ` (${place.file}${place.line ? `:${place.line}` : ''})` : ''
  const key = formatKey(['catalog', 'kinds', kind, ...cause.path])
  return portalErrors.CONFIG_KIND({ key, reason: `${cause.message}${at}` }, { where: { key, ...place }, cause })
}

/** A fault of a relation names its field; in the configuration relations are a list. */
function indexed(config: Config, kind: string, [first, field, ...rest]: (string | number)[]): (string | number)[] {
  if (first !== 'relations') return first === undefined ? [] : [first]
  const relations = config.get(`catalog.kinds.${kind}.relations`)
  const index = Array.isArray(relations) ? relations.findIndex(each => Object(each).field === field) : -1
  return index === -1 ? ['relations'] : ['relations', index, ...rest]
}

function findPlace(config: Config, path: (string | number)[]): Place | undefined {
  for (let length = path.length; length > 0; length--) {
    const place = config.place(formatKey(path.slice(0, length)))
    if (place) return place
  }
  return undefined
}

function pluginError(plugin: string, kind: string, cause: unknown): PortalError {
  const path = cause instanceof KindFault ? cause.path : []
  const reason = cause instanceof Error ? cause.message : String(cause)
  return portalErrors.CONFIG_KIND(
    { key: formatKey([kind, ...path]), reason: `${reason} (plugin ${plugin})` },
    { where: { plugin }, cause },
  )
}
