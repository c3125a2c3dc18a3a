import type { ServerResponse } from 'node:http'
import type { Events } from '../events.ts'
import type { App } from './createHttp.ts'

const KEEP_ALIVE_MS = 25_000

/**
 * `GET /api/events` tells browsers that something changed, not what: names of entities stay behind the permission checks of the reads that follow.
 */
export function addServerSentEvents(app: App, events: Events): void {
  const clients = new Set<ServerResponse>()
  const send = (text: string) => {
    for (const client of clients) client.write(text)
  }
  events.on('catalog.changed', ({ revision }) => send(`event: catalog.changed\ndata: {"revision":${revision}}\n\n`))
  events.on('catalog.problems', () => send('event: catalog.problems\ndata: {}\n\n'))

  app.get('/api/events', { schema: { summary: 'Server-sent events for browsers', tags: ['portal'] } }, (request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-request-id': request.id })
    reply.raw.write('retry: 2000\n\n')
    clients.add(reply.raw)
    const timer = setInterval(() => reply.raw.write(': still here\n\n'), KEEP_ALIVE_MS)
    reply.raw.on('close', () => {
      clearInterval(timer)
      clients.delete(reply.raw)
    })
  })
  app.addHook('preClose', done => {
    for (const client of clients) client.end()
    done()
  })
}
