import { kernelErrors } from '@callboard/kernel/errors'
import { parseGitUrl, repositoryOf } from '@callboard/kernel/reading/gitUrl'
import { hash } from 'node:crypto'
import type { SourceReading } from './planWrites.ts'
import { hashDependencies, PIPELINE, readDocuments, type ReadContext, type SourceRow } from './readSource.ts'

/**
 * Reads all files of a repository that the pattern of a source names, from one archive. Each entity has the URL of its own
 * file; those of files that are gone go with them. While the branch is at the same commit, only that is asked.
 *
 * @throws PortalError READ_NO_MATCH when the pattern names no file
 */
export async function readPattern(source: SourceRow, context: ReadContext): Promise<SourceReading | 'unchanged'> {
  const settings = hash('sha1', `${PIPELINE} ${context.rulesHash} ${source.origin}`)
  const isKnown = source.hash?.startsWith(settings) && (await hashDependencies(source.dependencies, context))
  const answer = await context.reader.search(source.target, {
    signal: context.signal,
    ...(isKnown && source.etag ? { etag: source.etag } : {}),
  })
  if (answer.status === 'unchanged') return 'unchanged'
  if (answer.files.length === 0) throw kernelErrors.READ_NO_MATCH({ url: source.target })
  const merged: SourceReading = { sourceId: source.id, entities: [], problems: [], gone: { type: 'none' } }
  const dependencies: Record<string, string> = {}
  const keep = new Set<string>()
  let digest = ''
  let isNameless = false
  for (const { url, bytes } of answer.files) {
    const file = { ...source, key: `url:${url}`, target: url }
    const text = new TextDecoder().decode(bytes)
    digest = hash('sha1', `${digest} ${url}\n${text}`)
    const reading = await readDocuments(file, text, context)
    merged.entities.push(...reading.entities)
    merged.problems.push(...reading.problems)
    Object.assign(dependencies, reading.dependencies)
    if (reading.gone.type === 'others') for (const ref of reading.gone.keep) keep.add(ref)
    else isNameless = true
  }
  return {
    ...merged,
    gone: isNameless ? { type: 'none' } : { type: 'others', keep },
    input: { hash: settings + digest, etag: answer.etag, dependencies: outside(source.target, dependencies) },
  }
}

/** What the commit does not answer for: files of other repositories and branches. */
function outside(target: string, dependencies: Record<string, string>): Record<string, string> {
  const own = parseGitUrl(target)
  return Object.fromEntries(
    Object.entries(dependencies).filter(([location]) => {
      const url = location.replace(/^url:/, '')
      return repositoryOf(url) !== repositoryOf(target) || parseGitUrl(url)?.ref !== own?.ref
    }),
  )
}
