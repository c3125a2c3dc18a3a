import { integrationsSchema, type Integrations } from '@callboard/kernel/config/integrationsSchema'
import { findGitPlace } from '@callboard/kernel/reading/gitPlace'
import type { Reader } from '@callboard/kernel/reading/reader'
import { PortalError, z, type Entity, type Portal } from '@callboard/sdk'
import { portalErrors } from '../../errors.ts'
import { dryRunLocation } from '../ingest/dryRun.ts'
import type { Catalog } from '../plugin.ts'
import { PERMISSION } from '../query/scope.ts'
import { listLocations } from '../store/locations.ts'
import { requireBody, requireUrlLocation } from './parameters.ts'
import { findRepository, type Repository } from './repository.ts'

const DEFAULT_FILE = 'catalog-info.yaml'
/** Tried one after the other where the URL names no branch; `HEAD` is the default branch on every host. */
const BRANCHES = ['main', 'master', 'HEAD']

// Backstage documents `catalogFileName` and reads `catalogFilename`.
const name = z.string().min(1).optional()
const bodySchema = z.object({
  location: z.object({ type: z.string(), target: z.string() }),
  catalogFilename: name,
  catalogFileName: name,
})

type ExistingFile = { location: { type: 'url'; target: string }; isRegistered: boolean; entity: Entity }

/** What the import of a repository begins with: the catalog files that it has, or a first one made for it. */
export function addAnalysisRoute(portal: Portal<unknown>, catalog: Catalog): void {
  const { kernel } = catalog
  portal.post(
    '/analyze-location',
    { summary: 'What a repository could bring to the catalog' },
    async ({ headers, body, actor, signal }) => {
      const parsed = bodySchema.safeParse(requireBody(headers, body))
      if (!parsed.success) {
        const hint = 'Send {"location": {"type": "url", "target": "https://…"}}.'
        throw portalErrors.BODY_MISSING({ reason: 'Malformed request: it takes a location with type and target' }, { hint })
      }
      await kernel.permissions.require(PERMISSION.locationAnalyze, actor)
      const { target } = requireUrlLocation(parsed.data.location)
      const repository = findRepository(target)
      if (!repository) throw portalErrors.CATALOG_LOCATION_TARGET({ target, reason: 'it is not the URL of a repository' })
      const file = parsed.data.catalogFilename ?? parsed.data.catalogFileName ?? DEFAULT_FILE
      const { allowed } = await kernel.permissions.decide(PERMISSION.locationRead, actor)
      const existing: ExistingFile[] = []
      const integrations = kernel.config.section('integrations', integrationsSchema)
      for (const found of await findFiles({ reader: kernel.reader, integrations, signal }, repository, file)) {
        const location = { type: 'url' as const, target: found }
        const isRegistered = allowed && (await listLocations(kernel.database.db, location)).length > 0
        const entities = await dryRunLocation(location, catalog.context)
        existing.push(...entities.map(entity => ({ location, isRegistered, entity })))
      }
      return {
        existingEntityFiles: existing,
        generateEntities: existing.length > 0 ? [] : [{ entity: generateEntity(repository, integrations), fields: [] }],
      }
    },
  )
}

/**
 * The catalog files of a repository: the one that the URL is of, or all with that name below its folder. Where the host has
 * no archives to look through, the one in the folder itself.
 */
async function findFiles(
  { reader, integrations, signal }: { reader: Reader; integrations: Integrations; signal: AbortSignal },
  { url, ref, path }: Repository,
  file: string,
): Promise<string[]> {
  const isFile = /\.(ya?ml|json)$/i.test(path)
  const folder = path === '' ? '' : `${path}/`
  for (const branch of ref === undefined ? BRANCHES : [ref]) {
    const at = (inside: string) => `${url}/blob/${branch}/${inside}`
    if (!isFile && hasArchives(url, integrations)) {
      const found = await unlessMissing(() => reader.search(at(`${folder}**/${file}`), { signal }))
      if (found?.status === 'read') return found.files.map(each => each.url)
    } else {
      const candidate = at(isFile ? path : `${folder}${file}`)
      if (await unlessMissing(() => reader.readUrl(candidate, { signal }))) return [candidate]
    }
  }
  return []
}

function hasArchives(url: string, integrations: Integrations): boolean {
  return findGitPlace(`${url}/blob/HEAD/x`, integrations) !== undefined
}

async function unlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof PortalError && error.status === 404) return undefined
    throw error
  }
}

function generateEntity({ url, name: repositoryName, slug }: Repository, integrations: Integrations) {
  const prefix = findAnnotationPrefix(new URL(url).host, integrations)
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: repositoryName.replaceAll(/[^\w.-]+/g, '-'),
      ...(prefix ? { annotations: { [`${prefix}/project-slug`]: slug } } : {}),
    },
    spec: { type: 'other', lifecycle: 'unknown' },
  }
}

/** Plugins look for the annotation of the public host, whatever the host of the company is called. */
const PREFIXES: Record<string, string> = {
  github: 'github.com',
  gitlab: 'gitlab.com',
  bitbucketCloud: 'bitbucket.org',
  bitbucketServer: 'bitbucket.org',
  azure: 'dev.azure.com',
}

function findAnnotationPrefix(host: string, integrations: Integrations): string | undefined {
  const type = Object.keys(PREFIXES).find(each => hostsOf(integrations[each]).includes(host))
  return type === undefined ? Object.values(PREFIXES).find(each => each === host) : PREFIXES[type]
}

function hostsOf(entries: unknown): unknown[] {
  return Array.isArray(entries)
    ? entries.map((each: unknown) => (typeof each === 'object' && each && 'host' in each ? each.host : undefined))
    : []
}
