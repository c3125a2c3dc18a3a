import type { Reader } from '@callboard/kernel/reading/reader'
import { editUrl, repositoryOf, resolveUrl, sourceLocation } from '@callboard/kernel/reading/gitUrl'
import { isPatternUrl } from '@callboard/kernel/reading/readTree'
import { traced } from '@callboard/kernel/telemetry'
import { ANNOTATION, parseEntityRef, PortalError, stringifyEntityRef, type Json, type Source } from '@callboard/sdk'
import { hash } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { portalErrors } from '../../errors.ts'
import type { Model } from '../kinds/model.ts'
import { parseLocationRef, stringifyLocationRef } from '../locationRef.ts'
import { generatedLocation } from './generatedLocation.ts'
import { findPosition, parseFile } from './parseFile.ts'
import { fillPlaceholders, mayHavePlaceholders, PlaceholderFault, type ReadBeside } from './placeholders.ts'
import type { NewProblem, SourceReading } from './planWrites.ts'
import { prepareEntity } from './prepareEntity.ts'
import { processDocument, type Provenance } from './processDocument.ts'
import { readPattern } from './readPattern.ts'
import { readQuietFile } from './readQuietFile.ts'
import type { AllowRule } from './rules.ts'

/** A row of `catalog.source`. */
export type SourceRow = {
  id: number
  key: string
  type: string
  target: string
  origin: string
  parents: string[]
  optional: boolean
  hash: string | null
  etag: string | null
  lastModified: string | null
  dependencies: Record<string, string>
  failures: number
  /** Grows whenever a reading is taken in or asked for anew. */
  edition: number
}

export type ReadContext = {
  reader: Reader
  isAllowed: AllowRule
  /** Changes with the rules: what was refused may be allowed now. */
  rulesHash: string
  /** The kinds as they are now. */
  model: Model
  pluginSources: Map<string, Source>
  signal: AbortSignal
  /** Counts the documents that were parsed, for the metrics. */
  onParsed(count: number): void
}

/** Grows when the same input would give other entities: every source is then taken in again. */
const PIPELINE = '2'

/** Reads a source. Of one that has not changed since it was last taken in, nothing is parsed. */
export function readSource(source: SourceRow, context: ReadContext): Promise<SourceReading | 'unchanged'> {
  return traced('catalog read', { 'catalog.source': source.key }, async span => {
    const reading = await readChanged(source, context)
    span.setAttribute('catalog.result', reading === 'unchanged' ? 'unchanged' : 'changed')
    return reading
  })
}

async function readChanged(source: SourceRow, context: ReadContext): Promise<SourceReading | 'unchanged'> {
  if (source.type === 'location') return readRegistration(source, context)
  if (source.type === 'plugin') return readPlugin(source, context)
  if (source.type === 'url' && isPatternUrl(source.target)) {
    return readPattern(source, {
      ...context,
      settings: settingsOf(source, context),
      isCurrent: () => hashDependencies(source.dependencies, context),
      readFile: (url, text) => readDocuments({ ...source, key: `url:${url}`, target: url }, text, context),
    })
  }
  const settings = hash('sha1', settingsOf(source, context))
  const input = await readInput(source, context, settings)
  if (input === 'unchanged') return 'unchanged'
  const digest = settings + hash('sha1', input.text)
  const dependencies = await hashDependencies(source.dependencies, context)
  if (digest === source.hash && dependencies) return 'unchanged'
  const reading = await readDocuments(source, input.text, context)
  return {
    ...reading,
    input: {
      hash: digest,
      ...(input.etag ? { etag: input.etag } : {}),
      ...(input.lastModified ? { lastModified: input.lastModified } : {}),
      dependencies: reading.dependencies,
    },
  }
}

/** What decides, besides a source's input, which entities come of it. */
function settingsOf({ origin }: SourceRow, { rulesHash, model }: ReadContext): string {
  return `${PIPELINE} ${rulesHash} ${model.hash} ${origin}`
}

type Input = { text: string; etag?: string; lastModified?: string }

async function readInput(source: SourceRow, { reader, signal }: ReadContext, settings: string): Promise<Input | 'unchanged'> {
  if (source.type === 'file') return { text: await readQuietFile(source.target) }
  // What placeholders read may have changed though the file has not, or kinds and rules: then it is wanted whole.
  const conditional = source.hash?.startsWith(settings) && Object.keys(source.dependencies).length === 0
  const answer = await reader.readUrl(source.target, {
    signal,
    ...(conditional && source.etag ? { etag: source.etag } : {}),
    ...(conditional && source.lastModified ? { lastModified: source.lastModified } : {}),
  })
  return answer.status === 'unchanged' ? 'unchanged' : answer
}

/** Whether everything that placeholders read last time still reads the same. */
async function hashDependencies(known: Record<string, string>, context: ReadContext): Promise<boolean> {
  for (const [location, digest] of Object.entries(known)) {
    const text = await readLocation(location, context).catch(() => undefined)
    if (digestOf(text) !== digest) return false
  }
  return true
}

/** What could not be read has a digest, too: once it can be, the document is taken in again. */
function digestOf(text: string | undefined): string {
  return text === undefined ? 'unreadable' : hash('sha1', text)
}

async function readLocation(location: string, { reader, signal }: ReadContext): Promise<string> {
  const { type, target } = parseLocationRef(location)
  if (type === 'file') return readQuietFile(target)
  const answer = await reader.readUrl(target, { signal })
  return answer.status === 'read' ? answer.text : ''
}

function readRegistration(source: SourceRow, { model }: ReadContext): SourceReading | 'unchanged' {
  const location = parseLocationRef(source.target)
  const entity = generatedLocation({ ...location, namedAfter: source.key.slice('location:'.length) })
  const digest = hash('sha1', `${PIPELINE} ${model.hash}\n${source.target}`)
  if (digest === source.hash) return 'unchanged'
  const result = processDocument(entity, provenanceOf({ ...location, origin: source.target }), model)
  if (result.status === 'bad') throw result.error
  return {
    sourceId: source.id,
    entities: [prepareEntity(result.processed, source.target)],
    problems: [],
    gone: { type: 'others', keep: new Set() },
    input: { hash: digest },
  }
}

async function readPlugin(source: SourceRow, context: ReadContext): Promise<SourceReading> {
  const plugin = context.pluginSources.get(source.target)
  if (!plugin) throw portalErrors.CATALOG_LOCATION_TARGET({ target: source.key, reason: 'the plugin is not loaded' })
  const mutation = await plugin.read({ signal: context.signal })
  const entities = mutation.type === 'full' ? mutation.entities : mutation.upsert
  const documents = entities.map((value, index) => ({ index, value: structuredClone(value) as unknown }))
  const reading = takeDocuments(source, documents, undefined, { ...context, isAllowed: () => true })
  return {
    ...reading,
    input: { hash: null },
    gone:
      mutation.type === 'full'
        ? reading.gone
        : { type: 'these', refs: mutation.remove.map(ref => stringifyEntityRef(parseEntityRef(ref))) },
  }
}

async function readDocuments(
  source: SourceRow,
  text: string,
  context: ReadContext,
): Promise<SourceReading & { dependencies: Record<string, string> }> {
  const parsed = parseFile(text)
  context.onParsed(parsed.length)
  const dependencies: Record<string, string> = {}
  const documents: Document[] = []
  const broken: NewProblem[] = []
  const beside = mayHavePlaceholders(text) ? readBeside(source, context, dependencies) : undefined
  for (const each of parsed) {
    if (each.status === 'broken') {
      const error = portalErrors.DESCRIPTOR_YAML({ reason: each.reason })
      broken.push({ sourceId: source.id, ref: null, error, location: source.key, line: each.line, column: each.column })
      continue
    }
    documents.push(beside ? await fillDocument(each.index, each.value, beside) : { index: each.index, value: each.value })
  }
  const reading = takeDocuments(source, documents, text, context)
  return {
    ...reading,
    problems: [...broken, ...reading.problems],
    // Without its name nobody knows which entity a broken document was: then all of the file's entities stay.
    gone: broken.length > 0 ? { type: 'none' } : reading.gone,
    dependencies,
  }
}

type Document = { index: number; value: unknown; fault?: PlaceholderFault }

async function fillDocument(index: number, value: unknown, read: ReadBeside): Promise<Document> {
  try {
    // why: what YAML gives without custom tags is JSON.
    return { index, value: await fillPlaceholders(value as Json, read) }
  } catch (fault) {
    if (fault instanceof PlaceholderFault) return { index, value, fault }
    throw fault
  }
}

function readBeside(source: SourceRow, context: ReadContext, dependencies: Record<string, string>): ReadBeside {
  const texts = new Map<string, Promise<string>>()
  return async (target, { from = stringifyLocationRef(source), anyRepository = false } = {}) => {
    const base = parseLocationRef(from)
    const isUrl = URL.canParse(target)
    const location =
      base.type === 'url' || isUrl
        ? `url:${isUrl ? target : resolveUrl(target, base.target)}`
        : `file:${resolve(dirname(base.target), target)}`
    if (!anyRepository && source.type === 'url' && location.startsWith('url:'))
      requireSameRepository(source.target, location.slice(4))
    dependencies[location] = digestOf(undefined)
    const reading = texts.get(location) ?? readLocation(location, context)
    texts.set(location, reading)
    const text = await reading
    dependencies[location] = digestOf(text)
    return { text, location }
  }
}

function requireSameRepository(document: string, target: string): void {
  const [own, other] = [repositoryOf(document), repositoryOf(target)]
  if (own && other && own !== other) throw portalErrors.DESCRIPTOR_PLACEHOLDER_FOREIGN()
}

function takeDocuments(source: SourceRow, documents: Document[], text: string | undefined, context: ReadContext): SourceReading {
  const reading: SourceReading = { sourceId: source.id, entities: [], problems: [], gone: { type: 'none' } }
  const provenance = provenanceOf(source)
  const keep = new Set<string>()
  const seen = new Set<string>()
  let nameless = false
  const fail = (error: PortalError, ref: string | undefined, document: Document, path: (string | number)[]) => {
    if (ref) keep.add(ref)
    else nameless = true
    const spot = text === undefined ? undefined : findPosition(text, document.index, path)
    const place = { location: source.key, line: spot?.line ?? null, column: spot?.column ?? null }
    reading.problems.push({ sourceId: source.id, ref: ref ?? null, error, ...place })
  }
  for (const document of documents) {
    const result = processDocument(
      document.value,
      source.type === 'plugin' ? pluginProvenance(source, document.value) : provenance,
      context.model,
    )
    const ref = result.status === 'ok' ? result.processed.ref : result.ref
    if (document.fault) fail(document.fault.error, ref, document, document.fault.path)
    else if (result.status === 'bad') fail(result.error, ref, document, result.path)
    else if (seen.has(result.processed.ref))
      fail(portalErrors.DESCRIPTOR_DUPLICATE({ ref: result.processed.ref }), ref, document, ['metadata', 'name'])
    else if (
      !context.isAllowed({ kind: result.processed.entity.kind, type: result.processed.entity.spec?.type }, source.origin)
    ) {
      const { kind } = result.processed.entity
      fail(portalErrors.CATALOG_RULE({ ref: result.processed.ref, kind }), ref, document, ['kind'])
      keep.delete(result.processed.ref)
    } else {
      seen.add(result.processed.ref)
      reading.entities.push(prepareEntity(result.processed, source.key))
    }
  }
  reading.gone = nameless ? { type: 'none' } : { type: 'others', keep }
  return reading
}

function provenanceOf(source: Pick<SourceRow, 'type' | 'target' | 'origin'>): Provenance {
  const base = { location: `${source.type}:${source.target}`, origin: source.origin }
  if (source.type !== 'url') return base
  const edit = editUrl(source.target)
  return {
    ...base,
    extra: {
      [ANNOTATION.viewUrl]: source.target,
      ...(edit ? { [ANNOTATION.editUrl]: edit } : {}),
      [ANNOTATION.sourceLocation]: `url:${sourceLocation(source.target)}`,
    },
  }
}

/** Entities of a plugin may say where they come from; otherwise they come from the plugin. */
function pluginProvenance(source: SourceRow, value: unknown): Provenance {
  // why: processDocument checks the rest; here two texts are looked for.
  const annotations = (value as { metadata?: { annotations?: Record<string, unknown> } } | null)?.metadata?.annotations
  const location = annotations?.[ANNOTATION.location]
  const origin = annotations?.[ANNOTATION.originLocation]
  return {
    location: typeof location === 'string' ? location : source.key,
    origin: typeof origin === 'string' ? origin : source.key,
  }
}
