import type { Json, JsonObject } from '@callboard/sdk'
import { dump, load } from 'js-yaml'
import { isObject } from './checkFields.ts'
import { findPointer, formatPointer, type Segments, splitRef } from './jsonPointer.ts'

/** A file that was read; what it refers to is relative to its location. */
export type ReadFile = {
  text: string
  location: string
  /** The text only stands for one that cannot be had now: references to it stay as they are. */
  isUnknown?: boolean
}

const MOST_FILES = 200
const MOST_TEXT = 20_000_000
const MOST_NODES = 500_000
const DEEPEST = 300

/** Parts that others refer to are placed where they are declared, such as the channels of AsyncAPI 3. */
const DECLARING = ['components', 'definitions', 'channels']

type Bundle = {
  root: string
  /** Parsed files by location. */
  files: Map<string, Json>
  /** Locations by `<location> <reference>`. */
  targets: Map<string, string>
  unknown: Set<string>
  /** Where the part of a file, `<location>#<pointer>`, stands in the result. */
  placed: Map<string, string>
  nodes: number
}

/**
 * Puts everything that a definition refers to in other files into it, as one text of YAML. A part is put where it is met
 * first and referred to from there on, so parts may lead back to themselves; references within the definition stay.
 *
 * @throws Error that says which reference leads nowhere, or which limit is exceeded
 */
export async function bundleRefs(file: ReadFile, read: (target: string, from: string) => Promise<ReadFile>): Promise<string> {
  const bundle: Bundle = {
    root: file.location,
    files: new Map(),
    targets: new Map(),
    unknown: new Set(),
    placed: new Map(),
    nodes: 0,
  }
  await readFiles(bundle, file, read)
  bundle.nodes = 0
  const root = bundle.files.get(file.location)
  if (bundle.unknown.has(file.location)) return file.text
  if (!isObject(root)) throw new Error('the definition is not an object')
  const first = DECLARING.filter(key => Object.hasOwn(root, key))
  const filled = new Map<string, Json>()
  for (const key of new Set([...first, ...Object.keys(root)])) {
    filled.set(key, fill(bundle, root[key] ?? null, bundle.root, [key]))
  }
  const ordered = Object.fromEntries(Object.keys(root).map(key => [key, filled.get(key) ?? null]))
  return dump(ordered, { lineWidth: -1, noRefs: true })
}

/** Reads the file and all that it leads to. */
async function readFiles(
  bundle: Bundle,
  first: ReadFile,
  read: (target: string, from: string) => Promise<ReadFile>,
): Promise<void> {
  const line = [first]
  let size = 0
  for (let file = line.shift(); file; file = line.shift()) {
    const { location, text } = file
    if (bundle.files.has(location)) continue
    if (file.isUnknown) bundle.unknown.add(location)
    size += text.length
    if (bundle.files.size === MOST_FILES) throw new Error(`it leads to more than ${MOST_FILES} files`)
    if (size > MOST_TEXT) throw new Error(`its files hold more than ${MOST_TEXT} characters`)
    // why: what YAML gives without custom tags is JSON.
    bundle.files.set(location, load(text) as Json)
    for (const target of listTargets(bundle, bundle.files.get(location), new Set())) {
      const found = await read(target, location)
      bundle.targets.set(`${location} ${target}`, found.location)
      line.push(found)
    }
  }
}

function listTargets(bundle: Bundle, value: Json | undefined, found: Set<string>, depth = 0): Set<string> {
  countNode(bundle, depth)
  if (isObject(value) && typeof value.$ref === 'string' && splitRef(value.$ref).target) {
    found.add(splitRef(value.$ref).target)
  }
  if (typeof value === 'object' && value !== null) {
    for (const child of Object.values(value)) listTargets(bundle, child, found, depth + 1)
  }
  return found
}

function countNode(bundle: Bundle, depth: number): void {
  if (++bundle.nodes > MOST_NODES) throw new Error(`it has more than ${MOST_NODES} values`)
  if (depth > DEEPEST) throw new Error(`it is nested more than ${DEEPEST} deep`)
}

/** A value of the file at `location` as it stands in the result at `path`. */
function fill(bundle: Bundle, value: Json, location: string, path: Segments): Json {
  countNode(bundle, path.length)
  if (Array.isArray(value)) return value.map((each, index) => fill(bundle, each, location, [...path, String(index)]))
  if (!isObject(value)) return value
  if (typeof value.$ref === 'string') return fillRef(bundle, value, value.$ref, location, path)
  return fillKeys(bundle, value, location, path)
}

function fillKeys(bundle: Bundle, value: JsonObject, location: string, path: Segments): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, fill(bundle, child ?? null, location, [...path, key])]),
  )
}

function fillRef(bundle: Bundle, value: JsonObject, ref: string, location: string, path: Segments): Json {
  const { target, pointer } = splitRef(ref)
  const file = target ? (bundle.targets.get(`${location} ${target}`) ?? target) : location
  const { $ref: _, ...beside } = value
  const around = fillKeys(bundle, beside, location, path)
  if (file === bundle.root) return { ...around, $ref: ref.includes('#') ? ref.slice(ref.indexOf('#')) : '#' }
  if (bundle.unknown.has(file)) return { ...around, $ref: ref }
  const known = findPlaced(bundle, file, pointer)
  if (known !== undefined) return { ...around, $ref: known }
  const found = findPointer(bundle.files.get(file), pointer)
  if (found === undefined) throw new Error(`there is nothing at ${ref}`)
  const key = `${file}#${pointer}`
  bundle.placed.set(key, formatPointer(path))
  const filled = fill(bundle, found, file, path)
  if (Object.keys(around).length === 0) return filled
  // What is written beside a reference is meant for this place alone.
  bundle.placed.delete(key)
  return isObject(filled) ? { ...filled, ...around } : filled
}

/** Where a part, or a whole that it is a part of, stands already. */
function findPlaced(bundle: Bundle, file: string, pointer: string): string | undefined {
  for (let end = pointer.length; end >= 0; end = end === 0 ? -1 : pointer.lastIndexOf('/', end - 1)) {
    const whole = bundle.placed.get(`${file}#${pointer.slice(0, end)}`)
    if (whole === undefined) continue
    const part = findPointer(bundle.files.get(file), pointer)
    return part === undefined ? undefined : whole + encodeURI(pointer.slice(end))
  }
  return undefined
}
