import { showUrl } from '@callboard/kernel/reading/showUrl'
import type { Portal } from '@callboard/sdk'
import { deliverWebhook, webhookId } from '../history/deliverWebhook.ts'
import type { Catalog } from '../plugin.ts'
import { parsePresent, PERMISSION } from '../query/scope.ts'
import { registerWebhooks, selectWebhooks } from '../store/webhooks.ts'

/** Has the webhooks of the configuration told of changes, and shows how far each is. */
export function addWebhookRoutes(portal: Portal<unknown>, { kernel, config }: Catalog): void {
  const { webhooks } = config
  const { db } = kernel.database
  // A query that cannot be read stops the start, and not the deliveries of the night.
  for (const { q } of webhooks) if (q) parsePresent(q)
  portal.get('/webhooks', { summary: 'How far each webhook is', permission: PERMISSION.webhookRead }, async () => {
    const states = new Map((await selectWebhooks(db, webhooks.map(webhookId))).map(each => [each.id, each]))
    const items = webhooks.flatMap(webhook => {
      const state = states.get(webhookId(webhook))
      return state ? [{ url: showUrl(webhook.url), q: webhook.q ?? null, types: webhook.types ?? null, ...state }] : []
    })
    return { items }
  })
  if (webhooks.length === 0) return
  const stopping = new AbortController()
  let running: Promise<unknown> = Promise.resolve()
  kernel.onReady(() => registerWebhooks(db, webhooks.map(webhookId)))
  kernel.onStarted(() => {
    running = Promise.all(webhooks.map(webhook => deliverWebhook(kernel, webhook, stopping.signal)))
  })
  kernel.onStop(async () => {
    stopping.abort()
    await running
  })
}
