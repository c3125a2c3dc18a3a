/** Who does something: a person, another program, or the portal itself. */
export type Actor = {
  type: 'user' | 'service' | 'system'
  /** An entity ref for a user, a subject for a service, `system` for the portal's own work. */
  id: string
  /** What a user owns things through: the own ref and those of groups. */
  ownershipRefs: string[]
  /** Where a token is limited: the plugins that it reaches, and what it may do there. */
  restrictions?: AccessRestriction[]
}

/** One entry of `accessRestrictions` of a token. Lists that are absent restrict nothing. */
export type AccessRestriction = { plugin: string; permissions?: string[]; actions?: string[] }

/** The portal's own work: ingestion, jobs. */
export const SYSTEM_ACTOR: Actor = { type: 'system', id: 'system', ownershipRefs: [] }

export type PermissionAction = 'create' | 'read' | 'update' | 'delete'

export type Permission = { name: string; action?: PermissionAction; resourceType?: string }

/**
 * What a policy says of a question: yes, no, or yes for the entities that a query finds.
 * Several policies must all agree.
 */
export type Decision = 'allow' | 'deny' | { when: string }

export type Policy = (question: { permission: Permission; actor: Actor }) => Decision | Promise<Decision>
