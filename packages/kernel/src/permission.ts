import type { Actor, Permission, Policy } from '@callboard/sdk'
import { kernelErrors } from './errors.ts'

/** What all policies together say: no, or yes for what every one of the queries finds (none: everything). */
export type Verdict = { allowed: false } | { allowed: true; when: string[] }

export type Permissions = {
  addPolicy(policy: Policy): void
  /** Asks every policy. Without any, everything is allowed. The portal's own work is never asked about. */
  decide(permission: Permission, actor: Actor): Promise<Verdict>
  /** @throws PortalError PERMISSION_DENIED when the answer is no. */
  require(permission: Permission, actor: Actor): Promise<{ when: string[] }>
}

const ALLOWED: Verdict = { allowed: true, when: [] }

export function createPermissions(): Permissions {
  const policies: Policy[] = []
  async function decide(permission: Permission, actor: Actor): Promise<Verdict> {
    if (!isWithin(permission, actor)) return { allowed: false }
    if (policies.length === 0 || actor.type === 'system') return ALLOWED
    const decisions = await Promise.all(policies.map(policy => policy({ permission, actor })))
    if (decisions.includes('deny')) return { allowed: false }
    return { allowed: true, when: decisions.flatMap(decision => (typeof decision === 'object' ? [decision.when] : [])) }
  }
  return {
    addPolicy: policy => void policies.push(policy),
    decide,
    async require(permission, actor) {
      const verdict = await decide(permission, actor)
      if (!verdict.allowed) throw kernelErrors.PERMISSION_DENIED({ permission: permission.name, actor: actor.id })
      return verdict
    },
  }
}

/** Whether the restrictions of a token let it ask for this at all; they name permissions and actions. */
function isWithin({ name, action }: Permission, { restrictions }: Actor): boolean {
  if (!restrictions) return true
  const plugin = name.split('.')[0]
  return restrictions.some(
    each =>
      each.plugin === plugin &&
      (!each.permissions || each.permissions.includes(name)) &&
      (!each.actions || (action !== undefined && each.actions.includes(action))),
  )
}

/** @throws PortalError PERMISSION_DENIED when a restricted token does not reach this plugin. */
export function requireReach(plugin: string, actor: Actor): void {
  if (!actor.restrictions || actor.restrictions.some(each => each.plugin === plugin)) return
  throw kernelErrors.PERMISSION_DENIED({ permission: `access to ${plugin}`, actor: actor.id })
}
