import { portalErrors } from '../../errors.ts'

type Node = { [key: string]: unknown }

/** Reads `fields`: comma lists, repeatable. Absent when everything is wanted. */
export function parseFields(values: string[] | undefined): string[] | undefined {
  const fields = (values ?? [])
    .flatMap(value => value.split(','))
    .map(field => field.trim())
    .filter(Boolean)
  if (fields.length === 0) return undefined
  const strange = fields.find(field => field.includes('['))
  if (strange) throw portalErrors.FIELDS_INVALID({ reason: `array type fields are not supported: ${strange}` })
  return fields
}

/** Whether a projection needs what is joined to the body. */
export function isBare(fields: string[] | undefined): boolean {
  return fields !== undefined && !fields.some(field => /^(relations|status)(\.|$)/.test(field))
}

/** Only the wanted subtrees of an entity. Keys with dots in them are found, too. */
export function projectFields(entity: Node, fields: string[]): Node {
  const result: Node = {}
  for (const field of fields) copyPath(entity, result, field.split('.'))
  return result
}

function copyPath(from: Node, to: Node, segments: string[]): void {
  let key = ''
  for (const [index, segment] of segments.entries()) {
    key = key ? `${key}.${segment}` : segment
    if (!Object.hasOwn(from, key)) continue
    const value = from[key]
    const rest = segments.slice(index + 1)
    if (rest.length === 0) {
      setOwn(to, key, value)
    } else if (isNode(value)) {
      const below = isNode(to[key]) && Object.hasOwn(to, key) ? (to[key] as Node) : {}
      copyPath(value, below, rest)
      if (Object.keys(below).length > 0) setOwn(to, key, below)
    }
    return
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An author may call a key `__proto__`: it is a key like any other. */
function setOwn(node: Node, key: string, value: unknown): void {
  Object.defineProperty(node, key, { value, enumerable: true, configurable: true, writable: true })
}
