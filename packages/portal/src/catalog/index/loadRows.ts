import { sql, type Kysely, type RawBuilder } from 'kysely'
import { emittedBy } from '../store/edges.ts'
import type { EdgeRow, IndexChange, IndexRow } from './indexData.ts'

/** Where the catalog stands: all that is kept in memory is true as long as this is the same. */
export type Head = { revision: number; problems: number }

export async function readHead(db: Kysely<any>): Promise<Head> {
  const { rows } = await sql<Head>`select coalesce((select max(id) from catalog.entity_version), 0)::bigint as revision,
    (select revision from catalog.problem_revision) as problems`.execute(db)
  return rows[0] ?? { revision: 0, problems: 0 }
}

/** Numbers of rows that are read at once: ranges of them are read in the order in which they are stored. */
const CHUNK = 2000

/** Reads all current rows of a table piece by piece; the database makes one while the one before it is taken in. */
async function* readRanges<T>(
  db: Kysely<any>,
  table: 'entity_version' | 'relation',
  read: (range: RawBuilder<unknown>) => Promise<{ rows: T[] }>,
): AsyncGenerator<T[]> {
  const { rows } = await sql<{ first: number; last: number }>`select coalesce(min(id), 1)::bigint as first,
    coalesce(max(id), 0)::bigint as last from catalog.${sql.raw(table)} where valid_to is null`.execute(db)
  const { first = 1, last = 0 } = rows[0] ?? {}
  let next: Promise<{ rows: T[] }> | undefined
  for (let from = first; from <= last || next; from += CHUNK) {
    const current = next
    next = from <= last ? read(sql`between ${from}::bigint and ${from + CHUNK - 1}::bigint`) : undefined
    // why: should the one before it fail, nobody else must see this one as unhandled.
    next?.catch(() => undefined)
    if (current) yield (await current).rows
  }
}

function selectRows(db: Kysely<any>, where: RawBuilder<unknown>, withFields: boolean) {
  return sql<IndexRow>`select e.ref, e.kind_text as kind, e.namespace, e.title, e.type_text as type, e.lifecycle_text as lifecycle,
      (extract(epoch from e.valid_from) * 1000000)::bigint as changed, e.terms::text as terms, b.words, e.id as version,
      ${withFields ? sql`b.fields::text` : sql`null::text`} as fields
    from catalog.entity_version e join catalog.entity_body b on b.version_id = e.id
    where e.valid_to is null and ${where}`.execute(db)
}

/** All current entities, a piece at a time. */
export function loadRows(db: Kysely<any>): AsyncGenerator<IndexRow[]> {
  return readRanges(db, 'entity_version', range => selectRows(db, sql`e.id ${range}`, false))
}

const EDGE_COLUMNS = sql`source_ref as source, type, target_ref as target, emitted_by_target as "emittedByTarget"`

export function loadEdges(db: Kysely<any>): AsyncGenerator<EdgeRow[]> {
  return readRanges(db, 'relation', range =>
    sql<EdgeRow>`select ${EDGE_COLUMNS} from catalog.relation where valid_to is null and id ${range}`.execute(db),
  )
}

/** JSON of the problems of every entity that has some, by ref. */
export async function loadProblems(db: Kysely<any>): Promise<Map<string, string>> {
  const { rows } = await sql<{ ref: string; problems: string }>`select q.ref,
    json_agg(json_build_object('code', q.code, 'level', q.level, 'message', q.message) order by q.id)::text as problems
    from catalog.problem q where q.ref is not null group by q.ref`.execute(db)
  return new Map(rows.map(row => [row.ref, row.problems]))
}

/** The values of one field by ref, each as the JSON of a list. */
export function loadColumn(db: Kysely<any>, field: string): AsyncGenerator<{ ref: string; values: string }[]> {
  return readRanges(db, 'entity_version', range =>
    sql<{ ref: string; values: string }>`select e.ref, (b.fields -> ${field}::text)::text as values
      from catalog.entity_version e join catalog.entity_body b on b.version_id = e.id
      where e.valid_to is null and e.id ${range} and b.fields ? ${field}::text`.execute(db),
  )
}

/** What has changed since a revision, as of one moment; undefined when it is more than `most` entities. */
export async function loadChange(
  db: Kysely<any>,
  since: number,
  most: number,
): Promise<{ head: Head; change: IndexChange; problems: Map<string, string> } | undefined> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async trx => {
      const head = await readHead(trx)
      const { rows } = await sql<{ ref: string }>`select distinct ref from catalog.entity_version
        where id > ${since}::bigint limit ${most + 1}`.execute(trx)
      if (rows.length > most) return undefined
      const refs = rows.map(row => row.ref)
      const problems = await loadProblems(trx)
      if (refs.length === 0) return { head, change: { refs, rows: [], edges: [] }, problems }
      const entities = await selectRows(trx, sql`e.ref = any(${refs}::text[])`, true)
      const edges = await sql<EdgeRow>`select ${EDGE_COLUMNS} from catalog.relation
        where id = any(array(${emittedBy(refs)}))`.execute(trx)
      return { head, change: { refs, rows: entities.rows, edges: edges.rows }, problems }
    })
}
