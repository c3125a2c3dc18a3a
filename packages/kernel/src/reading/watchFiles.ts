import { relative, resolve } from 'node:path'
import { watch } from 'chokidar'

const QUIET_MS = 50

/** A running watch. `ready` settles once changes are seen. */
export type FileWatch = { ready: Promise<void>; close(): Promise<void> }

/**
 * Watches files and folders, also ones that do not exist yet, and reports the paths that changed once they are quiet
 * for 50 ms. `onError` gets failures of the watch and of `onChange`.
 */
export function watchFiles(
  paths: readonly string[],
  onChange: (changed: string[]) => unknown,
  onError: (error: unknown) => void,
): FileWatch {
  const roots = paths.map(path => resolve(path))
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  const report = async () => {
    const batch = [...changed].sort()
    changed.clear()
    try {
      await onChange(batch)
    } catch (error) {
      onError(error)
    }
  }
  const watcher = watch(roots, { ignoreInitial: true, ignored: path => isIgnored(path, roots) })
  const ready = new Promise<void>(settle => watcher.once('ready', settle))
  watcher.on('error', onError)
  watcher.on('all', (_event, path) => {
    changed.add(resolve(path))
    clearTimeout(timer)
    timer = setTimeout(() => void report(), QUIET_MS)
  })
  return {
    ready,
    close: () => {
      clearTimeout(timer)
      return watcher.close()
    },
  }
}

// Only what is inside a watched folder is ignored: a plugin that is itself in node_modules may be watched.
function isIgnored(path: string, roots: string[]): boolean {
  return roots.every(root => {
    const inside = relative(root, path)
    return /^\.\.(?:[\\/]|$)/.test(inside) || /(?:^|[\\/])(?:node_modules|\.git|\.callboard)(?:[\\/]|$)/.test(inside)
  })
}
