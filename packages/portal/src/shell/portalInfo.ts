import type { Config } from '@callboard/kernel/config/config'
import { appSchema, organizationSchema } from '@callboard/kernel/config/schema'
import type { Actor } from '@callboard/sdk'
import packageJson from '../../package.json' with { type: 'json' }

/** What the browser knows before it asks anything. */
export type PortalInfo = {
  title: string
  organization: string | null
  version: string
  actor: { id: string; type: Actor['type'] }
}

export function portalInfo(config: Config, actor: Actor): PortalInfo {
  const organization = config.section('organization', organizationSchema)?.name ?? null
  const title = config.section('app', appSchema)?.title ?? (organization ? `${organization} Portal` : 'Callboard')
  return { title, organization, version: packageJson.version, actor: { id: actor.id, type: actor.type } }
}
