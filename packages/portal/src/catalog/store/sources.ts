import type { PortalError } from '@callboard/sdk'
import { sql, type Kysely } from 'kysely'
import type { NewProblem } from '../ingest/planWrites.ts'
import { selectRegistered } from '../ingest/sourceRows.ts'
import type { NamedLocation } from '../locationRef.ts'
import { releaseWaiting } from './contributions.ts'
import { inTransaction } from './inTransaction.ts'
import { insertProblems, replaceProblems, TARGET_PROBLEMS } from './problems.ts'
import type { Written } from './readings.ts'
import { letGo, removeEntities, type OrphanStrategy } from './versions.ts'

export type WantedSource = { key: string; type: string; target: string; origin: string; parents: string[]; optional: boolean }

/** How the list of sources is to change, and the registered locations from which that was found out. */
export type NewList = { wanted: WantedSource[]; gone: number[]; problems: NewProblem[]; registered: NamedLocation[] }

/**
 * Makes the list of sources the wanted one: adds what is new; what nobody leads to any more goes, with what it held.
 *
 * @returns undefined when other locations are registered by now; then nothing is done
 */
export async function syncSources(
  db: Kysely<any>,
  { wanted, gone, problems, registered }: NewList,
  actor: string,
  orphans: OrphanStrategy,
): Promise<Written | undefined> {
  return inTransaction(db, async trx => {
    if (JSON.stringify(await selectRegistered(trx)) !== JSON.stringify(registered)) return undefined
    await sql`delete from catalog.problem where code = any(${TARGET_PROBLEMS}::text[])`.execute(trx)
    await insertProblems(trx, problems)
    if (wanted.length > 0) {
      await sql`insert into catalog.source (key, type, target, origin, parents, optional)
        select k, t, g, o, string_to_array(p, ' '), n from unnest(${wanted.map(each => each.key)}::text[], ${wanted.map(each => each.type)}::text[],
          ${wanted.map(each => each.target)}::text[], ${wanted.map(each => each.origin)}::text[],
          ${wanted.map(each => each.parents.join(' '))}::text[], ${wanted.map(each => each.optional)}::boolean[]) as w (k, t, g, o, p, n)
        on conflict (key) do update set target = excluded.target, origin = excluded.origin, parents = excluded.parents, optional = excluded.optional,
          hash = case when source.origin = excluded.origin then source.hash end`.execute(trx)
    }
    const held = await sql<{ ref: string }>`delete from catalog.contribution where source_id = any(${gone}::bigint[])
      and holds returning ref`.execute(trx)
    const refs = held.rows.map(row => row.ref)
    await letGo(trx, refs, actor, orphans)
    const released = await releaseWaiting(trx, refs)
    await sql`delete from catalog.source where id = any(${gone}::bigint[])`.execute(trx)
    return { refs, revision: 0, released, outdated: [], changedLocations: refs.some(ref => ref.startsWith('location:')) }
  })
}

/** A reading that failed: what the source said before stays; the failure is its problem until a reading succeeds. */
export async function writeFailure(
  db: Kysely<any>,
  source: { id: number; key: string; edition: number },
  error: PortalError,
  nextReadAt: Date | null,
): Promise<void> {
  await inTransaction(db, async trx => {
    const { rows } =
      await sql`update catalog.source set failures = failures + 1, edition = edition + 1, read_at = now(), next_read_at = ${nextReadAt?.toISOString() ?? null}::timestamptz,
      hash = null, etag = null, last_modified = null where id = ${source.id} and edition = ${source.edition}::bigint returning id`.execute(
        trx,
      )
    // It went, or somebody else has read it since.
    if (rows.length === 0) return
    const problem = { sourceId: source.id, ref: null, error, location: source.key, line: null, column: null }
    await replaceProblems(trx, [source.id], [problem])
  })
}

/** A conditional request said that nothing changed. */
export async function writeUnchanged(db: Kysely<any>, sourceId: number, nextReadAt: Date | null): Promise<void> {
  await sql`update catalog.source set read_at = now(), failures = 0, next_read_at = ${nextReadAt?.toISOString() ?? null}::timestamptz
    where id = ${sourceId}`.execute(db)
}

/** Forgets what sources said last, so that their next reading is taken in whole. */
export async function forgetInputs(db: Kysely<any>, sourceIds: number[]): Promise<void> {
  await sql`update catalog.source set edition = edition + 1, hash = null, etag = null, last_modified = null where id = any(${sourceIds}::bigint[])`.execute(
    db,
  )
}

/** Deletes one entity at somebody's wish. A source that still declares it brings it back at its next reading. */
export async function deleteEntity(
  db: Kysely<any>,
  ref: string,
  actor: string,
  reason: string | undefined,
): Promise<{ revision: number }> {
  return inTransaction(db, async trx => {
    const revision = await removeEntities(trx, [ref], actor, reason)
    const { rows } = await sql<{
      source_id: number
    }>`delete from catalog.contribution where ref = ${ref} returning source_id`.execute(trx)
    await forgetInputs(
      trx,
      rows.map(row => row.source_id),
    )
    return { revision }
  })
}
