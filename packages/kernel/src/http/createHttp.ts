import Fastify, { LogController, type FastifyInstance } from 'fastify'
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Actor } from '@callboard/sdk'
import { randomUUID } from 'node:crypto'
import type { Config } from '../config/config.ts'
import { backendSchema } from '../config/schema.ts'
import { kernelErrors } from '../errors.ts'
import type { Identify } from '../identity.ts'
import type { Logger } from '../log.ts'
import type { Metrics } from '../metrics.ts'
import { addErrorHandling } from './errorReply.ts'
import { addHealth } from './health.ts'
import { addOpenApi } from './openApi.ts'
import { addRequestSpans } from './requestSpans.ts'
import { addSecurityHeaders, type ContentSecurity } from './securityHeaders.ts'

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor
  }
}

export type App = FastifyInstance<any, any, any, Logger, ZodTypeProvider>

export type Http = { app: App; security: ContentSecurity; stopping: boolean }

const BODY_LIMIT_BYTES = 5 * 1024 * 1024
const COMPRESS_FROM_BYTES = 1024

/** The web server with all that cuts across routes: identity, errors, limits, headers, compression, metrics, health, OpenAPI. */
export async function createHttp(parts: { config: Config; log: Logger; metrics: Metrics; identify: Identify }): Promise<Http> {
  const backend = parts.config.section('backend', backendSchema)
  const tls = readTls(parts.config, backend.https)
  const app: App = Fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: readTrust(backend.trustProxy),
    ...(tls ? { https: tls } : {}),
    requestIdHeader: 'x-request-id',
    genReqId: () => randomUUID(),
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 2048, ignoreTrailingSlash: true },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  // why: clients of Backstage send bodies to routes that take none, with any content type.
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  // why: Backstage's client announces JSON on requests without a body, too.
  const parseJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined)
    else void parseJson(request, String(body), done)
  })

  const http: Http = { app, security: addSecurityHeaders(app, backend), stopping: false }
  addErrorHandling(app)
  addRequestSpans(app)
  addIdentity(app, parts.identify)
  await addCors(app, backend)
  await app.register(import('@fastify/compress'), { threshold: COMPRESS_FROM_BYTES, encodings: ['br', 'gzip'] })
  // What is described and compressed are the routes that follow.
  await addOpenApi(app)
  addRequestMetrics(app, parts.metrics)
  addHealth(app, http)
  return http
}

type Backend = ReturnType<typeof backendSchema.parse>

/** A number is how many proxies stand in front. */
function readTrust(trust: Backend['trustProxy']): boolean | string | string[] | ((address: string, hop: number) => boolean) {
  return typeof trust === 'number' ? (_address, hop) => hop < trust : (trust ?? false)
}

/** @throws PortalError HTTPS_CERTIFICATE when `backend.https` names no certificate of its own */
function readTls(config: Config, https: Backend['https']): { cert: string; key: string } | undefined {
  if (!https) return undefined
  const { cert, key } = typeof https === 'object' ? https.certificate : {}
  if (!cert || !key) throw kernelErrors.HTTPS_CERTIFICATE({}, { where: config.place('backend.https') })
  return { cert, key }
}

function addIdentity(app: App, identify: Identify): void {
  // why: every request sets its own actor before any handler runs.
  app.decorateRequest('actor', null as never)
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id)
    request.actor = identify(request.headers.authorization)
    done()
  })
}

function addRequestMetrics(app: App, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) }
    metrics.requestSeconds.observe(labels, reply.elapsedTime / 1000)
    done()
  })
  app.get('/metrics', { schema: { summary: 'Figures for Prometheus', tags: ['portal'] } }, async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  )
}

async function addCors(app: App, backend: ReturnType<typeof backendSchema.parse>): Promise<void> {
  const { cors } = backend
  if (!cors) return
  const { default: picomatch } = await import('picomatch')
  const origins = cors.origin ?? []
  const matches = picomatch(origins.length ? origins : ['-none-'], { bash: true })
  await app.register(import('@fastify/cors'), {
    ...cors,
    origin: (origin, done) => done(null, Boolean(origin) && (origins.includes('*') || matches(origin!))),
    methods: cors.methods ?? ['GET', 'HEAD', 'PUT', 'PATCH', 'POST', 'DELETE'],
  } as import('@fastify/cors').FastifyCorsOptions)
}
