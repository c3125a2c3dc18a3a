import type { App, Http } from './createHttp.ts'

/** `readiness` is 200 once the portal is migrated and listening, and 503 from the moment it is told to stop. */
export function addHealth(app: App, http: Pick<Http, 'stopping'>): void {
  const tags = ['portal']
  app.get('/.backstage/health/v1/liveness', { schema: { summary: 'Whether the process lives', tags } }, () => ({ status: 'ok' }))
  app.get('/.backstage/health/v1/readiness', { schema: { summary: 'Whether requests are served', tags } }, (_request, reply) =>
    http.stopping ? reply.code(503).send({ status: 'error', message: 'The portal is stopping' }) : { status: 'ok' },
  )
}
