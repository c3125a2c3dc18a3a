import type { z } from '@callboard/sdk'
import type { backendSchema } from '../config/schema.ts'
import { kernelErrors } from '../errors.ts'
import type { App } from './createHttp.ts'

const DEFAULT_PORT = 7007
// Without an explicit host only this machine can reach the portal.
const DEFAULT_HOST = '127.0.0.1'

/** Listens where options or `backend.listen` say. @throws PortalError PORT_IN_USE, PORT_FORBIDDEN */
export async function listen(
  app: App,
  backend: z.output<typeof backendSchema>,
  options: { port?: number | undefined; host?: string | undefined },
): Promise<string> {
  const configured = readListen(backend?.listen)
  const port = options.port ?? configured.port ?? DEFAULT_PORT
  const host = options.host ?? configured.host ?? DEFAULT_HOST
  try {
    return await app.listen({ port, host })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw kernelErrors.PORT_IN_USE({ port, host }, { cause })
    throw kernelErrors.PORT_FORBIDDEN({ port, host, reason: message }, { cause })
  }
}

function readListen(value: unknown): { port?: number; host?: string } {
  if (typeof value === 'number') return { port: value }
  if (typeof value === 'string') {
    const [, host, port] = /^(?:(.*):)?(\d+)$/.exec(value) ?? []
    return { ...(port ? { port: Number(port) } : {}), ...(host ? { host: host.replace(/^\[|\]$/g, '') } : {}) }
  }
  if (typeof value !== 'object' || value === null) return {}
  const { port, host } = value as { port?: number | string; host?: string }
  return { ...(port === undefined ? {} : { port: Number(port) }), ...(host ? { host } : {}) }
}
