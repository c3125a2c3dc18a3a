import type { LocationRef } from '../locationRef.ts'
import { syncSources } from '../store/sources.ts'
import type { IngestParts } from './createIngest.ts'
import { selectLocations, selectRegistered, selectSources } from './sourceRows.ts'
import { findWantedSources, rootSource } from './wantedSources.ts'

export type SourceList = {
  /** Makes the list of sources the wanted one. @returns the sources that are to be read once more */
  sync(actor: string): Promise<number[]>
  /** From now on these locations of the configuration are wanted. */
  configure(locations: LocationRef[]): void
  /** Has the files of the list watched. */
  watch(): Promise<void>
}

/** Keeps the list of sources like what the Location entities say. One at a time; who asks meanwhile shares the next one. */
export function createSourceList(parts: IngestParts): SourceList {
  const { kernel, config, context } = parts
  const { db } = kernel.database
  let line: Promise<unknown> = Promise.resolve()
  const next = new Map<string, Promise<number[]>>()
  let patterns: string[] = []
  let { configLocations } = parts

  function inLine<T>(run: () => Promise<T>): Promise<T> {
    const result = line.then(run)
    line = result.catch(() => undefined)
    return result
  }

  async function syncOnce(actor: string): Promise<number[]> {
    // why: first what is known, then what is wanted. The other way round a source that another replica adds in between would go.
    const known = await selectSources(db)
    const registered = await selectRegistered(db)
    const roots = [...configLocations, ...registered].map(rootSource)
    const plugins = [...context.pluginSources.keys()].map(id => {
      const key = `plugin:${id}`
      return { key, type: 'plugin', target: id, origin: key, parents: [], optional: false }
    })
    const { sources, problems, patterns: found } = await findWantedSources(await selectLocations(db))
    patterns = found
    const wanted = new Map([...roots, ...plugins, ...sources].map(each => [each.key, each]))
    const before = new Map(known.map(each => [each.key, each]))
    const gone = known.filter(each => !wanted.has(each.key)).map(each => each.id)
    const changed = [...wanted.values()].filter(each => {
      const row = before.get(each.key)
      return !row || row.origin !== each.origin || row.optional !== each.optional || row.parents.join() !== each.parents.join()
    })
    const result = await syncSources(db, { wanted: changed, gone, problems, registered }, actor, config.orphanStrategy)
    // Somebody registered or removed a location meanwhile: what was found out is no longer so.
    if (!result) return syncOnce(actor)
    return [...result.released, ...(result.changedLocations ? await syncOnce(actor) : [])]
  }

  return {
    sync(actor) {
      const shared =
        next.get(actor) ??
        inLine(() => {
          next.delete(actor)
          return syncOnce(actor)
        })
      next.set(actor, shared)
      return shared
    },
    configure: locations => void (configLocations = locations),
    watch: () => inLine(async () => parts.onSources(await selectSources(db), patterns)),
  }
}
