import type { Entity } from '@callboard/sdk/entity'
import { parseEntityRef } from '@callboard/sdk/entityRef'

/** What people call an entity: the display name of its profile, its title, or its name. */
export function getEntityTitle(entity: Pick<Entity, 'metadata' | 'spec'>): string {
  const profile = entity.spec?.profile
  if (profile && typeof profile === 'object' && !Array.isArray(profile) && typeof profile.displayName === 'string') {
    return profile.displayName || entity.metadata.name
  }
  return entity.metadata.title || entity.metadata.name
}

/** A ref as short as it can be: without the kind, and without the namespace `default`. */
export function shortenRef(ref: string): string {
  const { namespace, name } = readRef(ref)
  return namespace === 'default' ? name : `${namespace}/${name}`
}

/** The parts of a ref from the API; what cannot be read becomes a name. */
export function readRef(ref: string): { kind: string; namespace: string; name: string } {
  try {
    return parseEntityRef(ref, { kind: 'component' })
  } catch {
    return { kind: 'component', namespace: 'default', name: ref }
  }
}
