import { respond, z, type Actor, type Portal } from '@callboard/sdk'
import { Readable } from 'node:stream'
import { createChangeBell } from '../history/changeBell.ts'
import { findNewestRevision, readChanges, type ChangesRequest } from '../history/readChanges.ts'
import type { Catalog } from '../plugin.ts'
import { openScope, parsePresent } from '../query/scope.ts'
import { count, positive } from './parameters.ts'

const DEFAULT_LIMIT = 100
const MOST = 1000
/** Tells both sides that the other one is still there; a notice of the database that was lost is made up for at the next of these. */
const HEARTBEAT_MS = 15_000

/** The feed of changes: pages to go on from, and the same as server-sent events. */
export function addChangeRoutes(portal: Portal<unknown>, catalog: Catalog): void {
  const { kernel } = catalog
  const stopping = new AbortController()
  kernel.onStop(() => stopping.abort())
  const query = z.strictObject({
    after: z.union([count, z.literal('now')]).optional(),
    limit: positive.refine(value => value <= MOST, `expected at most ${MOST}`).optional(),
    q: z.string().optional(),
  })
  const summary = 'Changes of the catalog, oldest first; with accept: text/event-stream as they are made'
  portal.get('/changes', { summary, query }, async ({ query: asked, headers, actor, signal }) => {
    const where = asked.q ? parsePresent(asked.q).where : undefined
    const scope = await openScope(kernel, actor)
    const lastSeen = /^\d{1,15}$/.test(String(headers['last-event-id'])) ? Number(headers['last-event-id']) : undefined
    const isStream = String(headers.accept).includes('text/event-stream')
    const from = isStream ? (lastSeen ?? asked.after) : asked.after
    const after = from === 'now' ? await findNewestRevision(scope) : (from ?? 0)
    const request = { after, limit: asked.limit ?? DEFAULT_LIMIT, where }
    const page = await readChanges(scope, request)
    if (!isStream) return page
    const ended = AbortSignal.any([signal, stopping.signal])
    return respond(Readable.from(streamChanges(catalog, actor, request, ended)), {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
    })
  })
}

/** Endless, until the signal comes. Permissions are asked again for every page: they may change meanwhile. */
async function* streamChanges(
  { kernel }: Catalog,
  actor: Actor,
  request: ChangesRequest,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const bell = createChangeBell(kernel.events, signal)
  let { after } = request
  try {
    yield 'retry: 2000\n\n'
    while (!signal.aborted) {
      const { items, next, more } = await readChanges(await openScope(kernel, actor), { ...request, after })
      for (const item of items) yield `id: ${item.revision}\nevent: ${item.change}\ndata: ${JSON.stringify(item)}\n\n`
      after = next
      if (more) continue
      if (items.length === 0) yield ': still here\n\n'
      await bell.wait(HEARTBEAT_MS)
    }
  } finally {
    bell.end()
  }
}
