import { watchFiles, type FileWatch } from '@callboard/kernel/reading/watchFiles'
import type { Logger } from '@callboard/kernel/log'
import { sep } from 'node:path'
import picomatch from 'picomatch'
import { parseLocationRef } from '../locationRef.ts'
import type { Ingest } from './createIngest.ts'
import type { SourceRow } from './readSource.ts'

export type SourceWatch = {
  /** Watches what these sources read, and the folders in which a pattern may find more. */
  update(sources: SourceRow[], patterns: string[]): void
  close(): Promise<void>
}

/** Takes in edits of files as they are saved. */
export function createSourceWatch(log: Logger, getIngest: () => Ingest, syncSoon: () => void): SourceWatch {
  let watch: FileWatch | undefined
  let watched = ''
  const readers = new Map<string, number[]>()
  let isWanted: (path: string) => boolean = () => false

  async function onChange(paths: string[]): Promise<void> {
    const ids = [...new Set(paths.flatMap(path => readers.get(path) ?? []))]
    if (ids.length > 0) await getIngest().refresh(ids, 'system')
    // A path that nobody reads yet may be one that a pattern finds now; anything else is not the catalog's.
    if (paths.some(path => !readers.has(path) && isWanted(path))) syncSoon()
  }

  function onError(error: unknown): void {
    log.warn({ err: error }, 'An edited file could not be taken in at once')
    syncSoon()
  }

  return {
    update(sources, patterns) {
      isWanted = picomatch(patterns)
      readers.clear()
      for (const source of sources)
        for (const path of pathsOf(source)) readers.set(path, [...(readers.get(path) ?? []), source.id])
      const folders = [...new Set(patterns.map(pattern => picomatch.scan(pattern).base))]
      const bases = folders.toSorted().filter((folder, index, all) => !all.slice(0, index).some(base => isBelow(folder, base)))
      const paths = [...bases, ...[...readers.keys()].filter(path => !bases.some(base => isBelow(path, base)))].toSorted()
      if (paths.join('\n') === watched) return
      watched = paths.join('\n')
      const former = watch
      const current = watchFiles(paths, onChange, onError)
      watch = current
      void former?.close()
      // What was edited between its reading and the beginning of the watch is not reported: it is looked for once.
      void current.ready.then(() => (watch === current ? syncSoon() : undefined))
    },
    async close() {
      const former = watch
      watch = undefined
      await former?.close()
    },
  }
}

function pathsOf(source: SourceRow): string[] {
  const locations = [...(source.type === 'file' ? [source.key] : []), ...Object.keys(source.dependencies)]
  return locations.map(parseLocationRef).flatMap(({ type, target }) => (type === 'file' ? [target] : []))
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}
