import type { Json } from '@callboard/sdk'
import { PortalError } from '@callboard/sdk/errors'
import { load } from 'js-yaml'
import { portalErrors } from '../../errors.ts'
import { bundleRefs, type ReadFile } from './bundleRefs.ts'
import { isObject } from './checkFields.ts'

/** Reads what a placeholder names, and says where that is. */
export type ReadBeside = (target: string, options?: ReadBesideOptions) => Promise<ReadFile>

/** `from`: the location that the target is relative to, by default the document. */
export type ReadBesideOptions = { from?: string; anyRepository?: boolean }

type Resolver = (target: string, read: ReadBeside) => Json | Promise<Json>

const RESOLVERS: Record<string, Resolver> = {
  $text: async (target, read) => (await read(target)).text,
  $json: async (target, read) => JSON.parse((await read(target)).text) as Json,
  // why: what YAML gives without custom tags is JSON.
  $yaml: async (target, read) => load((await read(target)).text) as Json,
  $openapi: bundleDefinition,
  $asyncapi: bundleDefinition,
}

async function bundleDefinition(target: string, read: ReadBeside): Promise<Json> {
  const file = await read(target, { anyRepository: true })
  return bundleRefs(file, (ref, from) => read(ref, { from, anyRepository: true }))
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
  resolver: Resolver,
  read: ReadBeside,
  path: (string | number)[],
): Promise<Json> {
  try {
    if (typeof target !== 'string') throw new Error('its value is not a text')
    return await resolver(target, read)
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
