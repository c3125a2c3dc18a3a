import { sql, type Kysely } from 'kysely'

/** How far a webhook is. */
export type WebhookState = {
  id: string
  revision: number
  deliveredAt: string | null
  failures: number
  error: string | null
  failedAt: string | null
  nextTryAt: string | null
}

/** Notes new webhooks: they are told of what happens from now on. */
export async function registerWebhooks(db: Kysely<any>, ids: string[]): Promise<void> {
  await sql`insert into catalog.webhook (id, revision)
    select i, coalesce((select max(id) from catalog.entity_version), 0) from unnest(${ids}::text[]) as i
    on conflict do nothing`.execute(db)
}

/**
 * Takes a webhook for this replica for a minute, or for another one if it has it already.
 *
 * @returns the revision up to which it was told; undefined while another replica delivers or the time of the next try has not come
 */
export async function claimWebhook(db: Kysely<any>, id: string, replica: string): Promise<number | undefined> {
  const { rows } = await sql<{
    revision: string
  }>`update catalog.webhook set claimed_by = ${replica}, claimed_until = now() + interval '1 minute'
    where id = ${id} and (claimed_by = ${replica} or claimed_until is null or claimed_until < now())
      and (next_try_at is null or next_try_at <= now()) returning revision`.execute(db)
  return rows[0] && Number(rows[0].revision)
}

/** Everything up to a revision is done. @returns false when another replica has taken over */
export async function advanceWebhook(
  db: Kysely<any>,
  { id, replica, revision, delivered }: { id: string; replica: string; revision: number; delivered: boolean },
): Promise<boolean> {
  const { rows } =
    await sql`update catalog.webhook set revision = ${revision}::bigint, claimed_until = now() + interval '1 minute',
      failures = 0, error = null, failed_at = null, next_try_at = null,
      delivered_at = case when ${delivered}::boolean then now() else delivered_at end
    where id = ${id} and claimed_by = ${replica} returning id`.execute(db)
  return rows.length > 0
}

export async function releaseWebhook(db: Kysely<any>, id: string, replica: string): Promise<void> {
  await sql`update catalog.webhook set claimed_by = null, claimed_until = null where id = ${id} and claimed_by = ${replica}`.execute(
    db,
  )
}

/** Keeps the position and notes what went wrong. */
export async function noteWebhookFailure(
  db: Kysely<any>,
  { id, replica, error }: { id: string; replica: string; error: string },
  waitMs: (failures: number) => number,
): Promise<void> {
  const { rows } = await sql<{ failures: number }>`select failures from catalog.webhook where id = ${id}`.execute(db)
  const failures = (rows[0]?.failures ?? 0) + 1
  await sql`update catalog.webhook set failures = ${failures}, error = ${error}, failed_at = now(),
      next_try_at = now() + make_interval(secs => ${waitMs(failures) / 1000}::double precision)
    where id = ${id} and claimed_by = ${replica}`.execute(db)
}

export async function selectWebhooks(db: Kysely<any>, ids: string[]): Promise<WebhookState[]> {
  const { rows } =
    await sql<WebhookState>`select id, revision, delivered_at as "deliveredAt", failures, error, failed_at as "failedAt",
    next_try_at as "nextTryAt" from catalog.webhook where id = any(${ids}::text[])`.execute(db)
  const iso = (value: string | null) => (value === null ? null : new Date(value).toISOString())
  return rows.map(row => ({
    ...row,
    revision: Number(row.revision),
    deliveredAt: iso(row.deliveredAt),
    failedAt: iso(row.failedAt),
    nextTryAt: iso(row.nextTryAt),
  }))
}
