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
  const port = options.port ?? backend.listen?.port ?? DEFAULT_PORT
  const host = options.host ?? backend.listen?.host ?? DEFAULT_HOST
  try {
    return await app.listen({ port, host })
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    if (code === 'EADDRINUSE') throw kernelErrors.PORT_IN_USE({ port, host }, { cause })
    throw kernelErrors.PORT_FORBIDDEN({ port, host, reason: message }, { cause })
  }
}
