import { kernelErrors } from '@callboard/kernel/errors'
import { parseGitUrl, repositoryOf } from '@callboard/kernel/reading/gitUrl'
import type { Reader } from '@callboard/kernel/reading/reader'
import { hash } from 'node:crypto'
import { portalErrors } from '../../errors.ts'
import type { SourceReading } from './planWrites.ts'

type PatternSource = { id: number; target: string; hash: string | null; etag: string | null }

type PatternParts = {
  reader: Reader
  signal: AbortSignal
  /** What the same files are taken in differently by. */
  settings: string
  /** Whether what the files refer to outside of the repository reads as before. */
  isCurrent(): Promise<boolean>
  readFile(url: string, text: string): Promise<SourceReading & { dependencies: Record<string, string> }>
}

/**
 * Reads all files of a repository that the pattern of a source names, from one archive. Each entity has the URL of its own
 * file; those of files that are gone go with them. While the branch is at the same commit, only that is asked.
 *
 * @throws PortalError READ_NO_MATCH when the pattern names no file
 */
export async function readPattern(source: PatternSource, parts: PatternParts): Promise<SourceReading | 'unchanged'> {
  const settings = hash('sha1', parts.settings)
  const isKnown = source.hash?.startsWith(settings) && (await parts.isCurrent())
  const answer = await parts.reader.search(source.target, {
    signal: parts.signal,
    ...(isKnown && source.etag ? { etag: source.etag } : {}),
  })
  if (answer.status === 'unchanged') return 'unchanged'
  if (answer.files.length === 0) throw kernelErrors.READ_NO_MATCH({ url: source.target })
  const merged: SourceReading = { sourceId: source.id, entities: [], problems: [], gone: { type: 'none' } }
  const dependencies: Record<string, string> = {}
  const keep = new Set<string>()
  const places = new Map<string, string>()
  let digest = ''
  let isNameless = false
  for (const { url, bytes } of answer.files) {
    const location = `url:${url}`
    const text = new TextDecoder().decode(bytes)
    digest = hash('sha1', `${digest} ${url}\n${text}`)
    const reading = await parts.readFile(url, text)
    for (const entity of reading.entities) {
      const other = places.get(entity.ref)
      if (other === undefined) merged.entities.push(entity)
      else
        merged.problems.push({
          ...nowhere,
          sourceId: source.id,
          ref: entity.ref,
          location,
          error: conflict(entity.ref, other),
        })
      places.set(entity.ref, other ?? location)
    }
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

const nowhere = { line: null, column: null }

function conflict(ref: string, other: string) {
  return portalErrors.CATALOG_CONFLICT({ ref, other })
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
