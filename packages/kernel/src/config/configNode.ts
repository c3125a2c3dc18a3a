import type { Place } from '@callboard/sdk/errors'
import { formatKey, type KeyPath } from './keyPath.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** A configuration value that remembers where it was written. */
export type ConfigNode = { place: Place } & (
  | { kind: 'map'; entries: Map<string, ConfigNode> }
  | { kind: 'list'; items: ConfigNode[] }
  /** `secrets` are the raw texts that came from the environment or a file into this value. */
  | { kind: 'scalar'; value: string | number | boolean | null; secrets?: string[] }
)

export type MapNode = Extract<ConfigNode, { kind: 'map' }>
export type ScalarNode = Extract<ConfigNode, { kind: 'scalar' }>

/** Lays `upper` over `lower`: maps are merged, everything else is replaced, and null stays to hide what is below. */
export function mergeNodes(lower: ConfigNode | undefined, upper: ConfigNode): ConfigNode {
  if (lower?.kind !== 'map' || upper.kind !== 'map') return upper
  const entries = new Map(lower.entries)
  for (const [key, node] of upper.entries) entries.set(key, mergeNodes(entries.get(key), node))
  return { kind: 'map', entries, place: upper.place }
}

/** The plain value of a node. Entries that are null do not exist, as a null takes a value away. */
export function plainValue(node: ConfigNode): Json {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(plainValue)
  // why: fromEntries defines own properties, so a key named __proto__ stays data.
  return Object.fromEntries(presentEntries(node).map(([key, child]) => [key, plainValue(child)]))
}

/** Calls `visit` for the node and everything below it, with the path to it. */
export function walkNodes(node: ConfigNode, visit: (node: ConfigNode, path: KeyPath) => void, path: KeyPath = []): void {
  visit(node, path)
  if (node.kind === 'list') node.items.forEach((item, index) => walkNodes(item, visit, [...path, index]))
  if (node.kind === 'map') for (const [key, child] of presentEntries(node)) walkNodes(child, visit, [...path, key])
}

/** Where each value was written, by its key. */
export function placesByKey(root: ConfigNode): Map<string, Place> {
  const places = new Map<string, Place>()
  walkNodes(root, (node, path) => places.set(formatKey(path), { ...node.place, key: formatKey(path) }))
  return places
}

function presentEntries(node: MapNode): [string, ConfigNode][] {
  return [...node.entries].filter(([, child]) => child.kind !== 'scalar' || child.value !== null)
}
