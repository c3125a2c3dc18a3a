import { ANNOTATION } from '@callboard/sdk'
import { getMoment, splitPattern, type CompareNode, type FieldNode, type HopNode, type QueryNode } from '@callboard/sdk/query'
import { sql, type RawBuilder } from 'kysely'
import { termOf } from '../ingest/searchRows.ts'
import { isCurrent, type At } from './isCurrent.ts'
import { edgesOfRelation, type Visible } from './relationSql.ts'

type Sql = RawBuilder<unknown>

export type CompileContext = {
  /** What ages are counted from. */
  now: Date
  /** The time that is asked about; absent for the present. */
  at?: At
  /** What the actor may see; absent while that is everything. */
  visible?: Visible | undefined
}

const COLUMNS: Record<string, string> = {
  kind: 'kind',
  'metadata.name': 'name',
  'metadata.namespace': 'namespace',
}

/** Turns a query tree into a condition on the row `alias` of `catalog.entity_version`. */
export function compileQuery(node: QueryNode, alias: string, context: CompileContext): Sql {
  switch (node.type) {
    case 'all':
      return node.of.length === 0 ? sql`true` : joined(node.of, alias, context, sql` and `)
    case 'any':
      return node.of.length === 0 ? sql`false` : joined(node.of, alias, context, sql` or `)
    case 'not':
      return sql`not coalesce(${compileQuery(node.of, alias, context)}, false)`
    case 'words':
      return sql`exists (select 1 from catalog.entity_body w where w.version_id = ${column(alias, 'id')} and w.words like ${contains(node.text)})`
    case 'is':
      return compileState(node.state, alias)
    case 'hop':
      return compileHop(node, alias, context)
    case 'field':
      return compileField(node, alias, context)
  }
}

function joined(nodes: QueryNode[], alias: string, context: CompileContext, separator: Sql): Sql {
  return sql`(${sql.join(
    nodes.map(each => compileQuery(each, alias, context)),
    separator,
  )})`
}

function column(alias: string, name: string): Sql {
  return sql.ref(`${alias}.${name}`)
}

function compileState(state: 'orphan' | 'broken' | 'starred', alias: string): Sql {
  if (state === 'orphan') return hasTerms(alias, [termOf(`metadata.annotations.${ANNOTATION.orphan}`, 'true')])
  if (state === 'broken') return sql`exists (select 1 from catalog.problem p where p.ref = ${column(alias, 'ref')})`
  // Stars come with the settings of people; until then nobody has any.
  return sql`false`
}

function compileField(node: FieldNode, alias: string, context: CompileContext): Sql {
  const { field } = node
  if (field.startsWith('relations.')) return compileRelation(node, field.slice('relations.'.length), alias, context)
  if (node.op === 'exists') return field in COLUMNS || field === 'metadata.uid' ? sql`true` : hasTerms(alias, [termOf(field)])
  if (node.op === 'in') return compileIn(field, node.values, alias)
  if (node.op === 'match') return compileMatch(field, node.patterns, alias)
  return compileCompare(node, alias, context)
}

function compileIn(field: string, values: string[], alias: string): Sql {
  const name = COLUMNS[field]
  if (name)
    return values.length === 1 ? sql`${column(alias, name)} = ${values[0]}` : sql`${column(alias, name)} = any(${values}::text[])`
  if (field === 'metadata.uid') return sql`${column(alias, 'uid')}::text = any(${values}::text[])`
  return hasTerms(
    alias,
    values.map(value => termOf(field, value)),
  )
}

/** Whether a row has at least one of these terms: answered by the index. */
function hasTerms(alias: string, terms: number[]): Sql {
  return sql`${column(alias, 'terms')} && ${`{${terms.join(',')}}`}::bigint[]`
}

function compileMatch(field: string, patterns: string[], alias: string): Sql {
  const likes = patterns.map(toLike)
  const name = COLUMNS[field]
  if (name) return sql`${column(alias, name)} like any(${likes}::text[])`
  if (field === 'metadata.uid') return sql`${column(alias, 'uid')}::text like any(${likes}::text[])`
  return sql`(${hasTerms(alias, [termOf(field)])} and exists (${valuesOf(field, alias)} where lower(f.v) like any(${likes}::text[])))`
}

/** `f.v` runs over the values of a field as they were written. */
function valuesOf(field: string, alias: string): Sql {
  return sql`select 1 from (select jsonb_array_elements_text(w.fields -> ${field}::text) as v from catalog.entity_body w
    where w.version_id = ${column(alias, 'id')}) f`
}

const OPERATORS = { lt: sql`<`, lte: sql`<=`, gt: sql`>`, gte: sql`>=` } as const

function compileCompare({ field, op, value }: CompareNode, alias: string, { now }: CompileContext): Sql {
  const operator = OPERATORS[op]
  if (value.type === 'number') {
    return sql`exists (${valuesOf(field, alias)} where case when f.v ~ '^-?[0-9]+([.][0-9]+)?$' then f.v::numeric ${operator} ${value.number}::numeric end)`
  }
  const moment = getMoment(value, now)
  if (field === 'changed') return sql`${column(alias, 'valid_from')} ${operator} ${moment.toISOString()}::timestamptz`
  if (field === 'created') {
    return sql`(select min(h.valid_from) from catalog.entity_version h where h.ref = ${column(alias, 'ref')} and h.uid = ${column(alias, 'uid')})
      ${operator} ${moment.toISOString()}::timestamptz`
  }
  // ISO dates compare as texts; midnight is written as a date, which is not after any time of that day.
  const text = moment.toISOString().replace('T00:00:00.000Z', '')
  return sql`exists (${valuesOf(field, alias)} where f.v ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}' and (f.v collate "C") ${operator} ${text})`
}

function compileRelation(node: FieldNode, name: string, alias: string, { visible, at }: CompileContext): Sql {
  const edges = edgesOfRelation(name, visible, at)
  if (node.op === 'in') return hasEdge(alias, edges, at, sql`g.b = any(${node.values}::text[])`)
  if (node.op === 'match') return hasEdge(alias, edges, at, sql`g.b like any(${node.patterns.map(toLike)}::text[])`)
  return node.op === 'exists' ? hasEdge(alias, edges, at, sql`true`) : sql`false`
}

/** All edges at once for all rows, or those of each row where each row has a time of its own. */
function hasEdge(alias: string, edges: Sql, at: At, condition: Sql): Sql {
  const ref = column(alias, 'ref')
  if (at?.isOfRow) return sql`exists (select 1 from ${edges} g where g.a = ${ref} and ${condition})`
  return sql`${ref} in (select g.a from ${edges} g where ${condition})`
}

function compileHop({ relation, transitive, to }: HopNode, alias: string, context: CompileContext): Sql {
  const edges = edgesOfRelation(relation, context.visible, context.at)
  const target = `${alias}t`
  const seen = context.visible ? sql` and ${context.visible(target)}` : sql``
  const found = sql`select ${column(target, 'ref')} from catalog.entity_version ${sql.id(target)}
    where ${isCurrent(target, context.at)} and ${compileQuery(to, target, context)}${seen}`
  if (context.at?.isOfRow && !transitive) return hasEdge(alias, edges, context.at, sql`g.b in (${found})`)
  // why: kept aside each set is found once; a planner that takes it for small looks again for every row, and again within that.
  const targets = sql.id(`found_${target}`)
  const reach = sql.id(`reach_${target}`)
  return sql`${column(alias, 'ref')} in (
    with recursive ${targets} (ref) as materialized (${found}), ${reach} (ref) as materialized (
      select g.a from ${edges} g where g.b in (select ref from ${targets})
      ${transitive ? sql`union select g.a from ${reach} join ${edges} g on g.b = ${reach}.ref` : sql``})
    select ref from ${reach})`
}

function toLike(pattern: string): string {
  return splitPattern(pattern).map(escapeLike).join('%')
}

function contains(text: string): string {
  return `%${escapeLike(text)}%`
}

/** The characters that LIKE takes for something else. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`)
}
