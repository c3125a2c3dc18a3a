import type { Kernel } from '@callboard/kernel/services'
import type { Actor } from '@callboard/sdk'
import { sql } from 'kysely'
import { countCommits } from '../store/inTransaction.ts'
import { isCurrent } from './isCurrent.ts'

/** What another replica writes is known so soon; what this one writes at once. */
const KNOWN_FOR_MS = 1_000
const MOST_KNOWN = 1_000

type Known = { commits: number; until: number; refs: Promise<string[]> }

const known = new WeakMap<Kernel['database'], Map<string, Known>>()

/**
 * The refs that `@me` stands for: those of the token, the groups that they are members of, and the groups above these. So a
 * member of team-a, whose parent is department-x, owns what department-x owns; nobody owns what only a group below owns.
 */
export function findOwnership({ database }: Pick<Kernel, 'database'>, { ownershipRefs }: Actor): Promise<string[]> {
  if (ownershipRefs.length === 0) return Promise.resolve([])
  const kept = known.get(database) ?? new Map<string, Known>()
  known.set(database, kept)
  const key = JSON.stringify(ownershipRefs)
  const commits = countCommits(database.db)
  const found = kept.get(key)
  // Nobody else writes to the embedded database.
  if (found?.commits === commits && (database.kind === 'pglite' || found.until > Date.now())) return found.refs
  const refs = selectOwnership(database.db, ownershipRefs)
  if (kept.size >= MOST_KNOWN) kept.clear()
  kept.set(key, { commits, until: Date.now() + KNOWN_FOR_MS, refs })
  refs.catch(() => kept.delete(key))
  return refs
}

/** `union` ends where groups are each other's parents. EXPLAIN: Recursive Union over an index scan of relation by source. */
async function selectOwnership(db: Kernel['database']['db'], refs: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ ref: string }>`
    with recursive owner (ref) as (
      select lower(u.ref) collate "C" from unnest(${[...refs]}::text[]) as u (ref)
      union
      select r.target_ref from owner o join catalog.relation r on r.source_ref = o.ref
        where ${isCurrent('r', undefined)} and r.type in ('memberOf', 'childOf') and r.target_ref like 'group:%')
    select ref from owner order by ref`.execute(db)
  return rows.map(row => row.ref)
}
