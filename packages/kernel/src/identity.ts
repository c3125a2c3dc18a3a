import type { Actor } from '@callboard/sdk'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Config } from './config/config.ts'
import { authSchema, backendSchema } from './config/schema.ts'
import { kernelErrors } from './errors.ts'

/** Tells who makes a request from its `authorization` header. */
export type Identify = (authorization: string | undefined) => Actor

const GUEST = 'user:development/guest'

/**
 * The portal is open: whoever brings no token is the guest. A static token of `backend.auth.externalAccess` names its subject.
 *
 * @throws PortalError AUTH_PROVIDER_UNKNOWN when config asks for a sign-in that does not exist yet and `open` is not set
 */
export function createIdentity(config: Config, open: boolean): Identify {
  const auth = config.section('auth', authSchema)
  const providers = Object.keys(auth?.providers ?? {}).filter(name => name !== 'guest')
  const [provider] = providers
  if (provider && !open) {
    throw kernelErrors.AUTH_PROVIDER_UNKNOWN({ provider }, { where: config.place(`auth.providers.${provider}`) })
  }
  const guest = guestActor(auth?.providers?.guest)
  const tokens = staticTokens(config)
  return authorization => {
    if (!authorization) return guest
    const token = /^Bearer\s+(.+)$/i.exec(authorization)?.[1]
    const digest = token && sha256(token)
    const match = digest && tokens.find(each => timingSafeEqual(each.digest, digest))
    if (!match) throw kernelErrors.TOKEN_UNKNOWN()
    return match.actor
  }
}

function guestActor(settings: unknown): Actor {
  const guest = isObject(settings) ? settings : {}
  const id = typeof guest.userEntityRef === 'string' ? guest.userEntityRef.toLowerCase() : GUEST
  const refs = Array.isArray(guest.ownershipEntityRefs) ? guest.ownershipEntityRefs.map(String) : [id]
  return { type: 'user', id, ownershipRefs: refs }
}

function staticTokens(config: Config): { digest: Buffer; actor: Actor }[] {
  const access = config.section('backend', backendSchema)?.auth?.externalAccess ?? []
  return access.flatMap(({ type, options, accessRestrictions }) => {
    if (type !== 'static' || !isObject(options)) return []
    const { token, subject } = options
    if (typeof token !== 'string' || typeof subject !== 'string') return []
    const restrictions = accessRestrictions?.map(({ plugin, permission, permissionAttribute }) => ({
      plugin,
      ...(permission ? { permissions: [permission].flat() } : {}),
      ...(permissionAttribute?.action ? { actions: [permissionAttribute.action].flat() } : {}),
    }))
    const actor: Actor = { type: 'service', id: subject, ownershipRefs: [], ...(restrictions ? { restrictions } : {}) }
    return [{ digest: sha256(token), actor }]
  })
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
