import type { Entity } from './entity.ts'

export type EntityName = { kind: string; namespace: string; name: string }

/** A ref that cannot be read. Its message names the ref and the form that was expected. */
export class EntityRefError extends Error {
  override readonly name: string = 'Error'
}

/** A ref with a part that is present but empty, such as `component:`. */
export class EntityRefFormError extends EntityRefError {
  override readonly name = 'TypeError'
}

/**
 * Reads `[<kind>:][<namespace>/]<name>`. Only the first `:` and the first `/` separate; the name may hold more of them.
 * Names are not checked: `john@example.com` is a legal name in a ref.
 *
 * @throws EntityRefError when the kind is missing and no default is given, EntityRefFormError when a part is empty
 * @example
 * parseEntityRef('group:acme/team-a') // { kind: 'group', namespace: 'acme', name: 'team-a' }
 */
export function parseEntityRef(ref: string, defaults: { kind?: string; namespace?: string } = {}): EntityName {
  if (!ref) throw new EntityRefError('Entity reference must not be empty')
  let colon = ref.indexOf(':')
  const slash = ref.indexOf('/')
  // A colon behind the slash belongs to the name.
  if (slash !== -1 && slash < colon) colon = -1
  const kind = colon === -1 ? undefined : ref.slice(0, colon)
  const namespace = slash === -1 ? undefined : ref.slice(colon + 1, slash)
  const name = ref.slice(Math.max(colon, slash) + 1)
  if (kind === '' || namespace === '' || name === '') {
    throw new EntityRefFormError(`Entity reference "${ref}" was not on the form [<kind>:][<namespace>/]<name>`)
  }
  const resolvedKind = kind ?? defaults.kind
  if (!resolvedKind) {
    throw new EntityRefError(
      `Entity reference "${ref}" had missing or empty kind (e.g. did not start with "component:" or similar)`,
    )
  }
  return { kind: resolvedKind, namespace: namespace ?? defaults.namespace ?? 'default', name }
}

/** The canonical form, all lower case: the key of an entity everywhere. */
export function stringifyEntityRef(entity: Entity | { kind: string; namespace?: string; name: string }): string {
  const { namespace, name } = 'metadata' in entity ? entity.metadata : entity
  return `${entity.kind}:${namespace ?? 'default'}/${name}`.toLowerCase()
}

/** The path of an entity's page, as Backstage has it. */
export function entityPath(ref: string | EntityName): string {
  const { kind, namespace, name } = typeof ref === 'string' ? parseEntityRef(ref) : ref
  return `/catalog/${[namespace, kind, name].map(part => encodeURIComponent(part.toLowerCase())).join('/')}`
}
