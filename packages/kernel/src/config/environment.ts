import { kernelErrors } from '../errors.ts'
import type { ConfigNode, MapNode } from './configNode.ts'

const PREFIX = 'APP_CONFIG_'
const KEY_PART = /^[a-z][a-z0-9]*(?:[-_:][a-z0-9]+)*$/i

/** Reads `APP_CONFIG_a_b` variables, whose values are JSON or text. Throws `CONFIG_ENVIRONMENT`. */
export function readEnvironment(env: NodeJS.ProcessEnv): MapNode {
  const root: MapNode = { kind: 'map', entries: new Map(), place: { source: 'environment' } }
  const variables = Object.keys(env).filter(name => name.startsWith(PREFIX))
  for (const variable of variables.sort()) {
    const text = env[variable]
    if (text) placeValue(root, variable, text)
  }
  return root
}

function placeValue(root: MapNode, variable: string, text: string): void {
  const fail = (problem: string) =>
    kernelErrors.CONFIG_ENVIRONMENT({ variable, problem }, { where: { source: `environment ${variable}` } })
  const parts = variable.slice(PREFIX.length).split('_')
  const invalid = parts.find(part => !KEY_PART.test(part))
  if (invalid !== undefined) throw fail(`"${invalid}" cannot be a key.`)

  const place = { source: `environment ${variable}` }
  const last = parts.pop() ?? ''
  let map = root
  for (const part of parts) {
    const next: ConfigNode = map.entries.get(part) ?? { kind: 'map', entries: new Map(), place }
    if (next.kind !== 'map') throw fail(`${part} is already set to a value that holds no keys, by ${next.place.source}.`)
    map.entries.set(part, next)
    map = next
  }
  const existing = map.entries.get(last)
  if (existing) throw fail(`the same key is already set by ${existing.place.source}.`)
  map.entries.set(last, nodeOf(parseValue(text), place))
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // why: what is not JSON is meant as text.
    return text
  }
}

function nodeOf(value: unknown, place: ConfigNode['place']): ConfigNode {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(item => nodeOf(item, place)), place }
  if (typeof value === 'object' && value !== null) {
    return { kind: 'map', entries: new Map(Object.entries(value).map(([key, child]) => [key, nodeOf(child, place)])), place }
  }
  const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  return { kind: 'scalar', value: plain, place }
}
