import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import type { App } from './createHttp.ts'

/** Describes all routes as OpenAPI 3.1 at `/api/openapi.json`. The document is made when it is first asked for. */
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
}
