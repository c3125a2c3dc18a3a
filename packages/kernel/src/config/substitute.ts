import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import type { Place } from '@callboard/sdk/errors'
import { kernelErrors } from '../errors.ts'
import type { ConfigNode, ScalarNode } from './configNode.ts'
import { fillVariables } from './fillVariables.ts'
import { formatKey, type KeyPath } from './keyPath.ts'
import { parseFile, parseMainFile } from './parseFile.ts'
import { showPlace } from './showPlace.ts'

/** A value that was left out because its environment variable is not set. */
export type MissingVariable = { key: string; variable: string }

/** Reads configuration files and fills in their variables and includes. */
export type Resolver = {
  readFile(file: string): Promise<ConfigNode>
  files(): string[]
  missing(): MissingVariable[]
}

type Spot = { dir: string; path: KeyPath; includedBy: readonly string[] }

/** Makes a reader of configuration files that remembers which files and missing variables it met. */
export function createResolver({ cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): Resolver {
  const files = new Set<string>()
  const missing: MissingVariable[] = []

  async function resolveNode(node: ConfigNode, spot: Spot): Promise<ConfigNode | undefined> {
    if (node.kind === 'scalar') return resolveText(node, spot)
    if (node.kind === 'list') {
      const items: ConfigNode[] = []
      for (const item of node.items) {
        const resolved = await resolveNode(item, { ...spot, path: [...spot.path, items.length] })
        if (resolved) items.push(resolved)
      }
      return { ...node, items }
    }
    const include = [...node.entries].find(([key]) => key.startsWith('$'))
    if (include) {
      if (node.entries.size > 1) throw cannotInclude(include[1].place, `${include[0]} must be alone in its object.`)
      return resolveInclude(include[0], include[1], spot)
    }
    const entries = new Map<string, ConfigNode>()
    for (const [key, child] of node.entries) {
      const resolved = await resolveNode(child, { ...spot, path: [...spot.path, key] })
      if (resolved) entries.set(key, resolved)
    }
    return { ...node, entries }
  }

  function resolveText(node: ScalarNode, spot: Spot): ScalarNode | undefined {
    if (typeof node.value !== 'string' || !node.value.includes('${')) return node
    const filled = fillVariables(node.value, env)
    if ('missing' in filled) {
      missing.push({ key: formatKey(spot.path), variable: filled.missing })
      return undefined
    }
    return filled.used.length > 0 ? { ...node, value: filled.text, secrets: filled.used } : { ...node, value: filled.text }
  }

  async function resolveInclude(name: string, argument: ConfigNode, spot: Spot): Promise<ConfigNode | undefined> {
    const { place } = argument
    if (argument.kind !== 'scalar' || typeof argument.value !== 'string') throw cannotInclude(place, `${name} needs a text.`)
    const value = resolveText(argument, spot)?.value
    if (typeof value !== 'string') return undefined
    if (name === '$env') return readVariable(value, place, spot)
    if (name === '$file') {
      const text = (await readIncluded(resolve(spot.dir, value), place)).trimEnd()
      return { kind: 'scalar', value: text, place, secrets: [text] }
    }
    if (name === '$include') return includePart(value, place, spot)
    throw cannotInclude(place, `${name} is not known.`)
  }

  function readVariable(name: string, place: Place, spot: Spot): ScalarNode | undefined {
    const text = env[name]?.trim()
    if (text !== undefined) return { kind: 'scalar', value: text, place, secrets: [text] }
    missing.push({ key: formatKey(spot.path), variable: name })
    return undefined
  }

  async function includePart(target: string, place: Place, spot: Spot): Promise<ConfigNode | undefined> {
    const [path = '', part = ''] = target.split('#', 2)
    if (!['.yaml', '.yml', '.json'].includes(extname(path)))
      throw cannotInclude(place, `${path} is not a yaml, yml or json file.`)
    const file = resolve(spot.dir, path)
    if (spot.includedBy.includes(file)) throw cannotInclude(place, `${path} includes itself.`)
    let node: ConfigNode | undefined = parseFile(await readIncluded(file, place), file, cwd)
    for (const step of part.split('.').filter(name => name !== '')) {
      node = node?.kind === 'map' ? node.entries.get(step) : node?.kind === 'list' ? node.items[Number(step)] : undefined
    }
    if (!node) throw cannotInclude(place, `${path} has no value at ${part}.`)
    return resolveNode(node, { dir: dirname(file), path: spot.path, includedBy: [...spot.includedBy, file] })
  }

  async function readIncluded(file: string, place: Place): Promise<string> {
    try {
      const real = await realpath(file)
      if (!(await stat(real)).isFile()) throw cannotInclude(place, `${file} is not a file.`)
      files.add(file)
      return await readFile(real, 'utf8')
    } catch (cause) {
      if (!isFileError(cause)) throw cause
      throw cannotInclude(place, cause.code === 'ENOENT' ? `${file} does not exist.` : `${file} cannot be read.`, cause)
    }
  }

  function cannotInclude(where: Place, problem: string, cause?: unknown) {
    return kernelErrors.CONFIG_INCLUDE({ place: showPlace(where, cwd), problem }, { where, cause })
  }

  return {
    files: () => [...files],
    missing: () => missing,
    readFile: async file => {
      files.add(file)
      const root = parseMainFile(await readFile(file, 'utf8'), file, cwd)
      const node = await resolveNode(root, { dir: dirname(file), path: [], includedBy: [file] })
      if (node && node.kind !== 'map') throw cannotInclude(root.place, 'what the file includes at its root holds no keys.')
      return node ?? { kind: 'map', entries: new Map(), place: root.place }
    },
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
