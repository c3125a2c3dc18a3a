import { z } from 'zod'

/** Where the server listens. Without a host it listens on all interfaces. */
export type ListenAddress = { host?: string; port: number }

const DEFAULT_PORT = 7007
const TEXT = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]*))(?::(?<port>\d+))?$/

const portSchema = z.union([
  z.int().min(0).max(65535),
  z.string().regex(/^\d+$/, 'it must be a port number').transform(Number).pipe(z.int().max(65535)),
])

/** `:7007`, `host:port`, `[::1]:7007`, a port, or `{host?, port?}`. */
export const listenSchema = z
  .union([z.string(), z.int().min(0).max(65535), z.strictObject({ host: z.string().optional(), port: portSchema.optional() })])
  .transform((listen, context): ListenAddress => {
    if (typeof listen === 'number') return { port: listen }
    if (typeof listen === 'object') return withHost(listen.host, listen.port ?? DEFAULT_PORT)
    if (/^\d+$/.test(listen)) return { port: Number(listen) }
    const { v6, name, port } = TEXT.exec(listen)?.groups ?? {}
    const number = port === undefined ? DEFAULT_PORT : Number(port)
    if ((v6 ?? name) !== undefined && number <= 65535) return withHost(v6 ?? name, number)
    context.addIssue({ code: 'custom', message: 'write :7007, host:7007 or {host, port}.' })
    return z.NEVER
  })

function withHost(host: string | undefined, port: number): ListenAddress {
  return host ? { host, port } : { port }
}
