import { dirname } from 'node:path'
import type { Place } from '@callboard/sdk/errors'
import type { z } from 'zod'
import { type JsonObject, mergeNodes, placesByKey, plainValue, type ConfigNode } from './configNode.ts'
import { readEnvironment } from './environment.ts'
import { formatKey, parseKey, valueAt } from './keyPath.ts'
import { listSecrets, redactNode } from './redact.ts'
import { findConfigFiles } from './sources.ts'
import { createResolver, type MissingVariable } from './substitute.ts'
import { validateSection } from './validateSection.ts'

/** The configuration of a portal: one merged tree in which every value knows where it was written. */
export type Config = {
  /** The merged values, with variables and includes filled in. */
  readonly root: JsonObject
  /** The folder of the first file; relative paths in the configuration start here. */
  readonly dir: string
  /** Absolute paths of every file that was read, included ones too. */
  readonly files: readonly string[]
  /** The value at `a.b[0].c`, or undefined. */
  get(key: string): unknown
  /** A part of the configuration, checked by a schema. Throws `CONFIG_INVALID` with the place of each problem. */
  section<T>(key: string, schema: z.ZodType<T>): T
  /** Where the value of a key was written. */
  place(key: string): Place | undefined
  /** The top-level keys that nobody in `owned` reads. */
  unownedSections(owned: readonly string[]): string[]
  /** The values for printing, with `***` for secrets. */
  redacted(): JsonObject
  /** The texts that must not reach a log, the longest first. */
  secrets(): string[]
}

/** Where to load from: `paths` are the values of `--config`; without any, the default files of `cwd` are read. */
export type ConfigSources = { paths?: readonly string[]; cwd: string; env: NodeJS.ProcessEnv }

/**
 * Loads and merges the configuration files and the `APP_CONFIG_` variables.
 * Throws `CONFIG_MISSING`, `CONFIG_SYNTAX`, `CONFIG_INCLUDE` or `CONFIG_ENVIRONMENT`.
 *
 * @example
 * const config = await loadConfig({ cwd: process.cwd(), env: process.env })
 * const backend = config.section('backend', backendSchema)
 */
export async function loadConfig({ paths = [], cwd, env }: ConfigSources): Promise<Config> {
  const mainFiles = await findConfigFiles({ paths, cwd, env })
  const resolver = createResolver({ cwd, env })
  let root: ConfigNode = { kind: 'map', entries: new Map(), place: {} }
  for (const file of mainFiles) root = mergeNodes(root, await resolver.readFile(file))
  root = mergeNodes(root, readEnvironment(env))
  return createConfig({ root, dir: dirname(mainFiles[0] ?? cwd), files: resolver.files(), missing: resolver.missing(), cwd })
}

type Loaded = { root: ConfigNode; dir: string; files: string[]; missing: MissingVariable[]; cwd: string }

function createConfig({ root: tree, dir, files, missing, cwd }: Loaded): Config {
  const places = placesByKey(tree)
  // why: the tree is a map at its root, both in every file and in the environment.
  const root = plainValue(tree) as JsonObject
  const place = (key: string): Place | undefined => places.get(key) ?? places.get(normalKey(root, key))
  return {
    root,
    dir,
    files,
    place,
    get: key => valueAt(root, parseKey(key)),
    section: (key, schema) => validateSection({ key, schema, value: valueAt(root, parseKey(key)), place, missing, cwd }),
    unownedSections: owned => Object.keys(root).filter(key => !owned.includes(key)),
    // why: as above, a map stays a map.
    redacted: () => redactNode(tree) as JsonObject,
    secrets: () => listSecrets(tree),
  }
}

/** Turns `a.0.b` into `a[0].b` where `a` is a list. */
function normalKey(root: JsonObject, key: string): string {
  const steps = parseKey(key)
  return formatKey(steps.map((step, index) => (Array.isArray(valueAt(root, steps.slice(0, index))) ? Number(step) : step)))
}
