import { backendSchema } from '@callboard/kernel/config/schema'
import type { Kernel } from '@callboard/kernel/services'
import { PortalError, SYSTEM_ACTOR } from '@callboard/sdk'
import { hash, randomUUID } from 'node:crypto'
import type { WebhookConfig } from '../config.ts'
import type { CatalogChange } from '../contract.ts'
import { openScope, parsePresent } from '../query/scope.ts'
import { advanceWebhook, claimWebhook, noteWebhookFailure, releaseWebhook, selectWebhooks } from '../store/webhooks.ts'
import { createChangeBell } from './changeBell.ts'
import { signWebhook, toCloudEvent } from './cloudEvent.ts'
import { readChanges } from './readChanges.ts'

const PAGE = 100
/** A replica that died leaves its webhooks to the others. */
const LOOK_AGAIN_MS = 10_000
const SHORTEST_WAIT_MS = 1_000
const LONGEST_WAIT_MS = 3_600_000

export function webhookId({ url }: WebhookConfig): string {
  return hash('sha256', url).slice(0, 32)
}

/**
 * Tells a webhook of changes, one after the other, until the signal comes. A change that fails is tried again, later each time,
 * and those behind it wait: nothing is left out. Of several replicas one delivers.
 */
export async function deliverWebhook(kernel: Kernel, webhook: WebhookConfig, signal: AbortSignal): Promise<void> {
  const bell = createChangeBell(kernel.events, signal)
  const delivery = { kernel, webhook, signal, id: webhookId(webhook), replica: randomUUID() }
  while (!signal.aborted) {
    let waitMs = LOOK_AGAIN_MS
    try {
      waitMs = await deliverPending(delivery)
    } catch (error) {
      kernel.log.warn({ err: error }, 'A webhook could not be looked after and will be tried again')
    }
    await bell.wait(waitMs)
  }
  bell.end()
}

type Delivery = { kernel: Kernel; webhook: WebhookConfig; signal: AbortSignal; id: string; replica: string }

/** @returns after how many milliseconds to look again when nothing rings */
async function deliverPending({ kernel, webhook, signal, id, replica }: Delivery): Promise<number> {
  const { db } = kernel.database
  const where = webhook.q ? parsePresent(webhook.q).where : undefined
  let after = await claimWebhook(db, id, replica)
  if (after === undefined) return findWait(kernel, id)
  try {
    for (let more = true; more && !signal.aborted;) {
      const page = await readChanges(await openScope(kernel, SYSTEM_ACTOR), { after, limit: PAGE, where })
      for (const change of page.items) {
        if (signal.aborted) return 0
        const isWanted = !webhook.types || webhook.types.includes(change.change)
        if (isWanted) await post(kernel, webhook, change, signal)
        if (isWanted && !(await advanceWebhook(db, { id, replica, revision: change.revision, delivered: true }))) return 0
      }
      if (page.next > after) await advanceWebhook(db, { id, replica, revision: page.next, delivered: false })
      after = page.next
      more = page.more
    }
    return LOOK_AGAIN_MS
  } catch (error) {
    if (!(error instanceof PortalError) || signal.aborted) throw error
    await noteWebhookFailure(db, { id, replica, error: error.message }, waitAfter)
    return await findWait(kernel, id)
  } finally {
    await releaseWebhook(db, id, replica)
  }
}

/** Until the next try, or until it is worth looking whether another replica still delivers. */
async function findWait({ database }: Kernel, id: string): Promise<number> {
  const [state] = await selectWebhooks(database.db, [id])
  const waitMs = state?.nextTryAt ? Date.parse(state.nextTryAt) - Date.now() : SHORTEST_WAIT_MS
  return Math.min(LOOK_AGAIN_MS, Math.max(waitMs, SHORTEST_WAIT_MS / 10))
}

async function post(kernel: Kernel, webhook: WebhookConfig, change: CatalogChange, signal: AbortSignal): Promise<void> {
  const baseUrl = kernel.config.section('backend', backendSchema)?.baseUrl ?? ''
  const body = toCloudEvent(change, `${baseUrl.replace(/\/+$/, '')}/api/catalog`)
  const signature = signWebhook(webhook.secret, `${webhookId(webhook)}-${change.revision}`, body, new Date())
  const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8', ...signature }
  await kernel.reader.postJson(webhook.url, body, { headers, signal })
}

/** Twice as long after each failure, with jitter, so that webhooks that failed together do not come back together. */
function waitAfter(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS * 2 ** (failures - 1)) * (0.8 + 0.4 * Math.random())
}
