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

/** The kinds that every portal has, in the order in which people look for them. */
export const CORE_KINDS: readonly KindDefinition[] = [component, api, system, domain, resource, group, user, template, location]
