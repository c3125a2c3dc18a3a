import { z } from 'zod'

/** The keys that a schema knows at a path, for suggestions; none where any key is right. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const root: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  let schemas = alternatives(root, root)
  for (const step of path) {
    schemas = schemas.flatMap(current =>
      alternatives(typeof step === 'number' ? child(current, 'items') : below(current, step), root),
    )
  }
  return [...new Set(schemas.flatMap(current => Object.keys(asObject(child(current, 'properties')))))].sort()
}

/** The schema itself with its references followed and its alternatives listed. */
function alternatives(schema: unknown, root: unknown, depth = 0): unknown[] {
  if (typeof schema !== 'object' || schema === null || depth > 20) return []
  const reference = child(schema, '$ref')
  if (typeof reference === 'string') {
    const target = reference.split('/').slice(1).reduce<unknown>(child, root)
    return alternatives(target, root, depth + 1)
  }
  const choices = ['anyOf', 'oneOf', 'allOf'].flatMap(name => child(schema, name) ?? [])
  return [schema, ...choices.flatMap(choice => alternatives(choice, root, depth + 1))]
}

function below(schema: unknown, key: PropertyKey): unknown {
  return child(child(schema, 'properties'), key) ?? child(schema, 'additionalProperties')
}

function child(value: unknown, key: PropertyKey): unknown {
  return Object.hasOwn(asObject(value), key) ? Reflect.get(asObject(value), key) : undefined
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}
