import { PortalError } from '@callboard/sdk/errors'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { findFiles } from '../check/findFiles.ts'
import { checkOut } from './checkOut.ts'
import type { OpenCatalog } from './openCatalog.ts'
import { openFiles } from './openFiles.ts'

/** The catalog of a folder's files, as they are or as they were at a date or git revision. */
export async function openFolder(folder: string, revision: string | undefined): Promise<OpenCatalog> {
  if (revision === undefined) return openFiles({ files: await findFiles([folder]), name: folder })
  return inTemporary(async root => {
    const path = join(root, 'now')
    await checkOut(folder, revision, path)
    return openFiles({ files: await findFiles([path]), name: folder, shown: [path, resolve(folder)] })
  })
}

/** The same catalog at two dates or git revisions, one after the other; `times` tell when it was so in this portal. */
export async function openFolderTwice(
  folder: string,
  from: string,
  to: string | undefined,
): Promise<OpenCatalog & { times: { from: string; to: string } }> {
  return inTemporary(async root => {
    const [old, young, path] = [join(root, 'from'), join(root, 'to'), join(root, 'now')]
    await checkOut(folder, from, old)
    await checkOut(folder, to, young)
    const [before, after] = [await listFiles(old), await listFiles(young)]
    const all = [...new Set([...before, ...after])].toSorted()
    await emptyFiles(
      old,
      all.filter(file => !before.includes(file)),
    )
    await emptyFiles(
      young,
      all.filter(file => !after.includes(file)),
    )
    await rename(old, path)
    const files = all.map(file => join(path, file))
    const catalog = await openFiles({ files, name: folder, shown: [path, resolve(folder)] })
    const times = { from: new Date().toISOString(), to: '' }
    await rename(path, old)
    await rename(young, path)
    await catalog.readAgain()
    times.to = new Date().toISOString()
    return { ...catalog, times }
  })
}

/** Opens a catalog over a folder of its own, which goes with it. */
async function inTemporary<T extends OpenCatalog>(open: (root: string) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'callboard-files-'))
  const remove = () => rm(root, { recursive: true, force: true })
  try {
    const catalog = await open(root)
    return { ...catalog, close: () => catalog.close().finally(remove) }
  } catch (error) {
    await remove()
    throw error
  }
}

/** The catalog files of a folder that may have none, relative to it. */
async function listFiles(folder: string): Promise<string[]> {
  try {
    return (await findFiles([folder])).map(file => relative(folder, file))
  } catch (error) {
    if (error instanceof PortalError && error.code === 'NOTHING_MATCHES') return []
    throw error
  }
}

/** A file that is absent would be a failure, behind which its entities stay; one without documents takes them away. */
async function emptyFiles(folder: string, files: string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), '')
  }
}
