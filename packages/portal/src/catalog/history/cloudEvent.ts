import { createHmac } from 'node:crypto'
import type { CatalogChange } from '../contract.ts'

/** A change as CloudEvents 1.0 in structured JSON. */
export function toCloudEvent(change: CatalogChange, source: string): string {
  return JSON.stringify({
    specversion: '1.0',
    id: String(change.revision),
    source,
    type: `io.callboard.catalog.entity.${change.change}`,
    subject: change.ref,
    time: change.at,
    datacontenttype: 'application/json',
    data: change,
  })
}

/** The headers of Standard Webhooks 1.0: who receives the body can tell that it is genuine, new, and not the same again. */
export function signWebhook(secret: string, id: string, body: string, now: Date): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000))
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret)
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
