import { api } from './api.ts'
import { component } from './component.ts'
import { domain } from './domain.ts'
import { group } from './group.ts'
import type { KindDefinition } from './kindDefinition.ts'
import { location } from './location.ts'
import { resource } from './resource.ts'
import { system } from './system.ts'
import { template } from './template.ts'
import { user } from './user.ts'

/** The kinds of this portal, in the order in which people look for them. */
export const KINDS: KindDefinition[] = [component, api, system, domain, resource, group, user, template, location]

/** The kind with this exact name that accepts this apiVersion. */
export function findKind(kind: string, apiVersion: string): KindDefinition | undefined {
  return KINDS.find(each => each.kind === kind && each.apiVersions.includes(apiVersion))
}
