import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { App } from './createHttp.ts'

type Document = { paths?: Record<string, unknown>; [key: string]: unknown }

/**
 * Describes all routes as OpenAPI 3.1 at `/api/openapi.json`, and those of one plugin below its own base, where Backstage has
 * them. The document is made when it is first asked for.
 */
export async function addOpenApi(app: App): Promise<void> {
  await app.register(import('@fastify/swagger'), {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Callboard', version: '1', description: 'The REST API of this portal.' },
    },
    transform: jsonSchemaTransform,
  })
  let text: string | undefined
  app.get('/api/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    text ??= JSON.stringify(app.swagger())
    return reply.header('content-type', 'application/json; charset=utf-8').send(text)
  })
  app.get('/api/:plugin/openapi.json', { schema: { hide: true } }, (request, reply) => {
    const { plugin } = z.object({ plugin: z.string() }).parse(request.params)
    text ??= JSON.stringify(app.swagger())
    // why: the text was made from a document.
    const part = findPart(JSON.parse(text) as Document, `/api/${plugin}`)
    return part ? reply.send(part) : reply.callNotFound()
  })
}

/** The paths below a base, relative to it; undefined when there are none. */
function findPart(document: Document, base: string): Document | undefined {
  const own = Object.entries(document.paths ?? {}).filter(([path]) => path.startsWith(`${base}/`))
  if (own.length === 0) return undefined
  return {
    ...document,
    servers: [{ url: base }],
    paths: Object.fromEntries(own.map(([path, item]) => [path.slice(base.length), item])),
  }
}
