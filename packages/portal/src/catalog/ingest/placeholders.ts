import type { Json } from '@callboard/sdk'
import { PortalError } from '@callboard/sdk/errors'
import { load } from 'js-yaml'
import { portalErrors } from '../../errors.ts'
import { isObject } from './checkFields.ts'

/** Reads what a placeholder names, relative to the document, and says where that is. */
export type ReadBeside = (target: string) => Promise<{ text: string; location: string }>

const RESOLVERS: Record<string, (text: string) => Json> = {
  $text: text => text,
  $json: text => JSON.parse(text) as Json,
  // why: what YAML gives without custom tags is JSON.
  $yaml: text => load(text) as Json,
  // Bundling of what these refer to comes with the docs of APIs; until then the file itself is the definition.
  $openapi: text => text,
  $asyncapi: text => text,
}

/** Whether a text can hold a placeholder at all: most do not, and are not walked. */
export function mayHavePlaceholders(text: string): boolean {
  return /\$(text|json|yaml|openapi|asyncapi)\b/.test(text)
}

export class PlaceholderFault extends Error {
  readonly path: (string | number)[]
  readonly error: PortalError

  constructor(path: (string | number)[], error: PortalError) {
    super(error.message)
    this.path = path
    this.error = error
  }
}

/**
 * Replaces every object whose only key is a known placeholder by what it stands for. The result is not looked through again.
 *
 * @throws PlaceholderFault with the path in the document
 */
export async function fillPlaceholders(value: Json, read: ReadBeside, path: (string | number)[] = []): Promise<Json> {
  if (Array.isArray(value)) {
    const items: Json[] = []
    for (const [index, item] of value.entries()) items.push(await fillPlaceholders(item, read, [...path, index]))
    return items
  }
  if (!isObject(value)) return value
  const keys = Object.keys(value)
  const [key = ''] = keys
  if (keys.some(each => each.startsWith('$'))) {
    const resolver = keys.length === 1 && Object.hasOwn(RESOLVERS, key) ? RESOLVERS[key] : undefined
    return resolver ? await resolve(key, value[key], resolver, read, path) : value
  }
  const result: Record<string, Json> = {}
  for (const [name, child] of Object.entries(value)) result[name] = await fillPlaceholders(child, read, [...path, name])
  return result
}

async function resolve(
  key: string,
  target: Json | undefined,
  resolver: (text: string) => Json,
  read: ReadBeside,
  path: (string | number)[],
): Promise<Json> {
  try {
    if (typeof target !== 'string') throw new Error('its value is not a text')
    const { text } = await read(target)
    return resolver(text)
  } catch (cause) {
    if (cause instanceof PortalError && cause.code === 'DESCRIPTOR_PLACEHOLDER_FOREIGN') throw new PlaceholderFault(path, cause)
    const reason = cause instanceof Error ? cause.message.slice(0, 300) : String(cause)
    const values = { key, field: path.join('.'), reason }
    // why: the reader of a URL knows what would allow it; about a file beside the document our own hint is the better one.
    const hint = cause instanceof PortalError && cause.code.startsWith('READ_') ? cause.hint : undefined
    const error = portalErrors.DESCRIPTOR_PLACEHOLDER(values, { cause, ...(hint ? { hint } : {}) })
    throw new PlaceholderFault(path, error)
  }
}
