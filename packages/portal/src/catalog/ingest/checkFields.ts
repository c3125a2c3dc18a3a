import type { JsonObject } from '@callboard/sdk'
import {
  EXPECTED,
  isAnnotationValue,
  isApiVersion,
  isKey,
  isKind,
  isLabelValue,
  isName,
  isNamespace,
  isTag,
  isUrl,
} from './fieldFormats.ts'

/** What is wrong with a document, and the path of keys that leads there. */
export type Fault = { path: (string | number)[]; reason: string }

const ROOT_KEYS = new Set(['apiVersion', 'kind', 'metadata', 'spec'])

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a document can be told apart at all: it has apiVersion, kind and metadata.name. */
export function findEnvelopeFault(document: JsonObject): Fault | undefined {
  for (const key of ['apiVersion', 'kind']) {
    if (!(key in document)) return { path: [], reason: `<root> must have required property '${key}' - missingProperty: ${key}` }
    if (!isFilled(document[key])) return { path: [key], reason: `/${key} must be a string that is not empty` }
  }
  if (!('metadata' in document))
    return { path: [], reason: "<root> must have required property 'metadata' - missingProperty: metadata" }
  const { metadata } = document
  if (!isObject(metadata)) return { path: ['metadata'], reason: '/metadata must be object - type: object' }
  if (!('name' in metadata))
    return { path: ['metadata'], reason: "/metadata must have required property 'name' - missingProperty: name" }
  if (!isFilled(metadata.name)) return { path: ['metadata', 'name'], reason: '/metadata/name must be a string that is not empty' }
  return undefined
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0
}

/** The first field of the envelope that breaks a format, as Backstage's policies check them. */
export function findFieldFault(document: JsonObject): Fault | undefined {
  const metadata = document.metadata as JsonObject
  const foreign = Object.keys(document).find(key => !ROOT_KEYS.has(key))
  if (foreign) return { path: [foreign], reason: `Unknown field ${foreign}` }
  if ('spec' in document && !isObject(document.spec)) return fault(['spec'], EXPECTED.map, document.spec)
  return (
    check(['apiVersion'], document.apiVersion, isApiVersion, EXPECTED.apiVersion) ??
    check(['kind'], document.kind, isKind, EXPECTED.kind) ??
    check(['metadata', 'name'], metadata.name, isName, EXPECTED.name) ??
    ifPresent(metadata, 'namespace', isNamespace, EXPECTED.namespace) ??
    ifPresent(metadata, 'title', isFilled, EXPECTED.text) ??
    ifPresent(metadata, 'description', value => typeof value === 'string', EXPECTED.annotation) ??
    findMapFault(metadata, 'labels', isLabelValue, EXPECTED.name) ??
    findMapFault(metadata, 'annotations', isAnnotationValue, EXPECTED.annotation) ??
    findTagFault(metadata) ??
    findLinkFault(metadata)
  )
}

function check(
  path: (string | number)[],
  value: unknown,
  isValid: (value: unknown) => boolean,
  expected: string,
): Fault | undefined {
  return isValid(value) ? undefined : fault(path, expected, value)
}

function ifPresent(object: JsonObject, key: string, isValid: (value: unknown) => boolean, expected: string): Fault | undefined {
  return key in object ? check(['metadata', key], object[key], isValid, expected) : undefined
}

function fault(path: (string | number)[], expected: string, value: unknown): Fault {
  const label = labelOf(path)
  if (value === null || value === undefined) return { path, reason: `"${label}" must have a value` }
  const found = typeof value === 'string' ? value : JSON.stringify(value)
  return { path, reason: `"${label}" is not valid; expected ${expected} but found "${found}"` }
}

// Labels, annotations, tags and links are named without `metadata.` in messages, everything else by its path.
function labelOf(path: (string | number)[]): string {
  const inner = path.length > 2 && path[0] === 'metadata' ? path.slice(1) : path
  return inner.join('.')
}

function findMapFault(
  metadata: JsonObject,
  key: string,
  isValid: (value: unknown) => boolean,
  expected: string,
): Fault | undefined {
  if (!(key in metadata)) return undefined
  const map = metadata[key]
  if (!isObject(map)) return fault(['metadata', key], EXPECTED.map, map)
  for (const [name, value] of Object.entries(map)) {
    const path = ['metadata', key, name]
    if (!isKey(name)) return fault(path, EXPECTED.key, name)
    if (!isValid(value)) return fault(path, expected, value)
  }
  return undefined
}

function findTagFault(metadata: JsonObject): Fault | undefined {
  if (!('tags' in metadata)) return undefined
  const { tags } = metadata
  if (!Array.isArray(tags)) return fault(['metadata', 'tags'], EXPECTED.list, tags)
  const index = tags.findIndex(tag => !isTag(tag))
  return index === -1 ? undefined : fault(['metadata', 'tags', index], EXPECTED.tag, tags[index])
}

function findLinkFault(metadata: JsonObject): Fault | undefined {
  if (!('links' in metadata)) return undefined
  const { links } = metadata
  if (!Array.isArray(links)) return fault(['metadata', 'links'], EXPECTED.list, links)
  for (const [index, link] of links.entries()) {
    const path = ['metadata', 'links', index]
    if (!isObject(link)) return fault(path, EXPECTED.map, link)
    if (!isUrl(link.url)) return fault([...path, 'url'], EXPECTED.url, link.url)
    for (const key of ['title', 'icon', 'type']) {
      const value = link[key]
      if (key in link && !(typeof value === 'string' && value.trim())) return fault([...path, key], EXPECTED.text, value)
    }
  }
  return undefined
}
