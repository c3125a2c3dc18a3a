import { readdir, realpath, stat } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import picomatch from 'picomatch'

const SKIPPED = new Set(['node_modules', '.git'])

/**
 * Absolute paths of the files that a pattern names, sorted. The pattern is relative to `cwd` and may be a plain path.
 * Symbolic links are followed only while they stay below the folder where the pattern's wildcards begin.
 *
 * @example
 * await globFiles('services/*\/catalog-info.yaml', '/srv/portal')
 */
export async function globFiles(pattern: string, cwd: string): Promise<string[]> {
  const { base, glob } = picomatch.scan(pattern)
  const root = resolve(cwd, base)
  if (glob === '') return (await kindOf(root)) === 'file' ? [root] : []

  const realRoot = await realpath(root).catch(absent)
  if (realRoot === undefined) return []
  const isMatch = picomatch(glob)
  const deepest = glob.includes('**') ? Infinity : glob.split('/').length
  const skipped = [...SKIPPED].filter(name => !glob.split('/').includes(name))
  const found: string[] = []

  async function visit(folder: string, steps: string[], above: readonly string[]): Promise<void> {
    const real = await realpath(folder).catch(absent)
    // why: a link to a folder above would be walked for ever.
    if (real === undefined || above.includes(real)) return
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      const inner = [...steps, entry.name]
      if (entry.isSymbolicLink() && !(await staysBelow(path, realRoot ?? root))) continue
      const kind = entry.isSymbolicLink()
        ? await kindOf(path)
        : entry.isFile()
          ? 'file'
          : entry.isDirectory()
            ? 'folder'
            : undefined
      if (kind === 'file' && isMatch(inner.join('/'))) found.push(path)
      if (kind === 'folder' && inner.length < deepest && !skipped.includes(entry.name)) await visit(path, inner, [...above, real])
    }
  }

  if ((await kindOf(root)) === 'folder') await visit(root, [], [])
  return found.sort()
}

async function kindOf(path: string): Promise<'file' | 'folder' | undefined> {
  const stats = await stat(path).catch(absent)
  return stats?.isFile() ? 'file' : stats?.isDirectory() ? 'folder' : undefined
}

async function staysBelow(path: string, realRoot: string): Promise<boolean> {
  const real = await realpath(path).catch(absent)
  return real !== undefined && real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep)
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'ELOOP') return undefined
  throw error
}
