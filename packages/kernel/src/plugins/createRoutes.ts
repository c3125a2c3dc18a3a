import { Reply, type Method, type Plugin, type Portal, type Route, type RouteOptions } from '@callboard/sdk'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from '@callboard/sdk'
import { kernelErrors } from '../errors.ts'
import { requireReach } from '../permission.ts'
import type { PluginParts } from './createPortal.ts'

type AnyOptions = RouteOptions<z.ZodType, z.ZodType, z.ZodType>
type Handler = Parameters<Route>[2]

/** The verbs that add endpoints below `/api/<plugin>`. */
export function createRoutes(plugin: Plugin, parts: PluginParts): Pick<Portal<unknown>, Method> {
  const verb = (method: Method): Route => {
    const add = (path: string, options: AnyOptions, handler: Handler) => {
      const url = `/api/${plugin.name}${path === '/' ? '' : path}`
      parts.report.routes.push(`${method.toUpperCase()} ${url}`)
      parts.kernel.http.app.route({
        method: method.toUpperCase(),
        url,
        schema: describeRoute(plugin.name, options),
        handler: (request, reply) => answer(plugin.name, options, handler, parts, request, reply),
      })
    }
    // why: the types of one route are inferred at its call; here they are all the same.
    return add as unknown as Route
  }
  return { get: verb('get'), post: verb('post'), put: verb('put'), patch: verb('patch'), delete: verb('delete') }
}

function describeRoute(plugin: string, options: AnyOptions) {
  return {
    tags: [plugin],
    ...(options.summary ? { summary: options.summary } : {}),
    ...(options.query ? { querystring: strict(options.query) } : {}),
    ...(options.body ? { body: options.body } : {}),
  }
}

/** Objects refuse keys that they do not name. */
export function strict(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodObject && !schema.def.catchall ? schema.strict() : schema
}

async function answer(
  plugin: string,
  options: AnyOptions,
  handler: Handler,
  parts: PluginParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  if (!options.query) refuseParameters(request.query)
  requireReach(plugin, request.actor)
  if (options.permission) await parts.kernel.permissions.require(options.permission, request.actor)
  let abort: AbortController | undefined
  const result: unknown = await handler({
    params: request.params,
    query: request.query,
    body: request.body,
    headers: request.headers,
    actor: request.actor,
    get signal() {
      if (!abort) {
        abort = new AbortController()
        reply.raw.once('close', () => abort?.abort())
      }
      return abort.signal
    },
  })
  if (result instanceof Reply) return send(reply, result)
  reply.code(options.status ?? 200)
  if (!options.reply) return result === undefined ? reply.send() : result
  const checked = options.reply.safeParse(result)
  if (!checked.success) throw kernelErrors.PLUGIN_REPLY({ name: plugin, reason: z.prettifyError(checked.error) })
  return checked.data
}

/** A parameter that a route does not know is a mistake, also where it knows none at all. */
function refuseParameters(query: unknown): void {
  const [name] = Object.keys(query ?? {})
  if (name !== undefined) throw kernelErrors.REQUEST_INVALID({ issues: `querystring: Unrecognized key: "${name}"` })
}

function send(reply: FastifyReply, { body, status, headers }: Reply): FastifyReply {
  reply.code(status).headers(headers)
  const isText = typeof body === 'string' || Buffer.isBuffer(body)
  if (isText && !headers['content-type']) reply.header('content-type', 'application/json; charset=utf-8')
  return body === undefined ? reply.send() : reply.send(body)
}
