import { readLocalFile } from '@callboard/kernel/reading/readLocalFile'
import { findPosition, parseFile, type ParsedDocument } from '@callboard/portal/catalog/ingest/parseFile'
import { fillPlaceholders, PlaceholderFault, type ReadBeside } from '@callboard/portal/catalog/ingest/placeholders'
import { processDocument } from '@callboard/portal/catalog/ingest/processDocument'
import { createCoreModel } from '@callboard/portal/catalog/kinds/model'
import { portalErrors } from '@callboard/portal/errors'
import { PortalError } from '@callboard/sdk/errors'
import type { Json } from '@callboard/sdk/entity'
import { dirname, resolve } from 'node:path'
import { findingOf, type Finding } from './finding.ts'

const model = createCoreModel()

type Path = (string | number)[]
type Spot = { line: number; column: number }

export type CheckedFile = { file: string; entities: ({ ref: string } & Spot)[]; findings: Finding[] }

/** Checks the documents of one file as the catalog would take them in, without a portal and without the network. */
export async function checkFile(file: string): Promise<CheckedFile> {
  const checked: CheckedFile = { file, entities: [], findings: [] }
  try {
    const text = await readLocalFile(file)
    for (const document of parseFile(text)) await checkDocument(document, text, checked)
  } catch (error) {
    if (!(error instanceof PortalError)) throw error
    checked.findings.push(findingOf('error', error, { file }))
  }
  return checked
}

async function checkDocument(document: ParsedDocument, text: string, { file, entities, findings }: CheckedFile): Promise<void> {
  if (document.status === 'broken') {
    const { reason, line, column } = document
    findings.push(findingOf('error', portalErrors.DESCRIPTOR_YAML({ reason }), { file, line, column }))
    return
  }
  const spotOf = (path: Path): Spot => findPosition(text, document.index, path) ?? { line: 1, column: 1 }
  // why: what YAML gives without custom tags is JSON.
  const value = document.value as Json
  const provenance = { location: `file:${file}`, origin: `file:${file}` }
  try {
    const result = processDocument(await fillPlaceholders(value, readBeside(file)), provenance, model)
    if (result.status === 'ok') entities.push({ ref: result.processed.ref, ...spotOf(['metadata', 'name']) })
    else if (!isFromUrl(value, result.path))
      findings.push(findingOf('error', result.error, { file, ...spotOf(result.path), ref: result.ref }))
  } catch (fault) {
    if (!(fault instanceof PlaceholderFault)) throw fault
    findings.push(findingOf('error', fault.error, { file, ...spotOf(fault.path) }))
  }
}

/** Files are read; of a URL is only known that something stands there, and JSON for a text suits every placeholder. */
function readBeside(file: string): ReadBeside {
  return async (target, { from } = {}) => {
    if (URL.canParse(target)) return { text: '"not fetched"', location: `url:${target}`, isUnknown: true }
    const path = resolve(dirname(from ? from.slice('file:'.length) : file), target)
    return { text: await readLocalFile(path), location: `file:${path}` }
  }
}

/** Whether a path of the document leads to a placeholder with a URL, whose real value nobody knows offline. */
function isFromUrl(document: Json, path: Path): boolean {
  let value: unknown = document
  for (const step of path) {
    if (isUrlPlaceholder(value)) return true
    value = typeof value === 'object' && value !== null ? Reflect.get(value, step) : undefined
  }
  return isUrlPlaceholder(value)
}

function isUrlPlaceholder(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const [[key, target] = ['', undefined], ...others] = Object.entries(value)
  return others.length === 0 && key.startsWith('$') && typeof target === 'string' && URL.canParse(target)
}
