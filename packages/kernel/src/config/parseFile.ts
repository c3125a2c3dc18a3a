import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { kernelErrors } from '../errors.ts'
import type { ConfigNode, MapNode } from './configNode.ts'
import { showPlace } from './showPlace.ts'

const DEEPEST = 100

/** Parses YAML or JSON into nodes that know their line. Throws `CONFIG_SYNTAX` with line and column. */
export function parseFile(text: string, file: string, cwd: string): ConfigNode {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const placeAt = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line, column: col }
  }
  const fail = (offset: number, problem: string) => {
    const where = placeAt(offset)
    return kernelErrors.CONFIG_SYNTAX({ place: showPlace(where, cwd), problem }, { where })
  }
  const [error] = document.errors
  if (error) throw fail(error.pos[0], error.message)

  const build = (node: Node | null | undefined, offset: number, depth: number): ConfigNode => {
    if (depth > DEEPEST) throw fail(offset, 'it is nested too deeply.')
    const place = placeAt(offset)
    if (isAlias(node)) return build(node.resolve(document), offset, depth + 1)
    if (isSeq<Node>(node)) {
      return { kind: 'list', items: node.items.map(item => build(item, startOf(item, offset), depth + 1)), place }
    }
    if (isMap<Node, Node | null>(node)) {
      const entries = node.items.map(({ key, value }): [string, ConfigNode] => {
        const start = startOf(key, offset)
        if (!isScalar(key)) throw fail(start, 'a key must be plain text.')
        return [String(key.value), build(value, start, depth + 1)]
      })
      return { kind: 'map', entries: new Map(entries), place }
    }
    return { kind: 'scalar', value: isScalar(node) ? plainScalar(node.value) : null, place }
  }
  const { contents } = document
  return build(contents, startOf(contents, 0), 0)
}

/** A main configuration file: as `parseFile`, and its root must hold keys. An empty file is an empty map. */
export function parseMainFile(text: string, file: string, cwd: string): MapNode {
  const root = parseFile(text, file, cwd)
  if (root.kind === 'map') return root
  if (root.kind === 'scalar' && root.value === null) return { kind: 'map', entries: new Map(), place: root.place }
  throw kernelErrors.CONFIG_SYNTAX(
    { place: showPlace(root.place, cwd), problem: 'it must hold keys and values at its root.' },
    { where: root.place },
  )
}

function startOf(node: Node | null | undefined, otherwise: number): number {
  return node?.range?.[0] ?? otherwise
}

function plainScalar(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return value === null || value === undefined ? null : String(value)
}
