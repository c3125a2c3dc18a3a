import { globFiles } from '@callboard/kernel/reading/globFiles'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { cliErrors } from '../errors.ts'

const DESCRIPTOR = /^apiVersion:\s*['"]?(?:[\w-]+\.)*backstage\.io\//m
const TEMPLATE = /^kind:\s*['"]?Template\b/m

/**
 * Absolute paths of the files that are meant, without repetition: files, the matches of patterns, and the catalog files of folders.
 *
 * @throws PortalError NOTHING_MATCHES
 */
export async function findFiles(targets: string[]): Promise<string[]> {
  const found = new Set<string>()
  for (const target of targets) {
    const stats = await stat(target).catch(() => undefined)
    const files = stats?.isDirectory() ? await findDescriptors(target) : await globFiles(target, process.cwd())
    if (files.length === 0) throw cliErrors.NOTHING_MATCHES({ target })
    for (const file of files) found.add(file)
  }
  return [...found]
}

/** Files of a folder that hold entities. One with template expressions that is no Template belongs to a skeleton. */
async function findDescriptors(folder: string): Promise<string[]> {
  const files = await globFiles(join(folder, '**/*.{yaml,yml}'), process.cwd())
  const kept: string[] = []
  for (const file of files) {
    const text = await readFile(file, 'utf8')
    const isSkeleton = text.includes('${{') && !TEMPLATE.test(text)
    if ((DESCRIPTOR.test(text) || /\/catalog-info\.ya?ml$/.test(file)) && !isSkeleton) kept.push(file)
  }
  return kept
}
