import { sql, type Kysely } from 'kysely'
import type { SourceState } from '../contract.ts'

/** How the sources are, by their key; `after` is the key of the last one of the page before. */
export async function readSources(db: Kysely<any>, limit: number, after: string | undefined): Promise<SourceState[]> {
  const { rows } = await sql<SourceState>`
    select s.key, s.type, s.target, s.origin, s.failures, s.duration_ms as "durationMs",
      to_char(s.read_at at time zone 'UTC', ${ISO}) as "readAt", to_char(s.next_read_at at time zone 'UTC', ${ISO}) as "nextReadAt",
      coalesce(s.reading_until > now(), false) as "isReading",
      (select count(*)::int from catalog.contribution c where c.source_id = s.id and c.holds) as entities,
      case when s.failures > 0 then (select p.message from catalog.problem p where p.source_id = s.id and p.ref is null
        order by p.id desc limit 1) end as error
    from catalog.source s where ${after ?? null}::text is null or s.key collate "C" > ${after ?? null}::text
    order by s.key collate "C" limit ${limit}`.execute(db)
  return rows
}

const ISO = 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'
