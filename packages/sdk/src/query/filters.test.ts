import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatNode, parseFilters, parseQuery, QueryError, type QueryNode } from './query.ts'

describe("Backstage's filters", () => {
  it.each<[filters: string[], text: string]>([
    [[], '()'],
    [['', ' , '], '()'],
    [['kind=Component', ''], 'kind:component'],
    [['kind=user,metadata.namespace=default', 'kind=group,spec.type'], 'kind:user namespace:default or kind:group type:*'],
    [['relations.ownedBy=group:default/x'], 'owner:x'],
    [['a=b,A=c,a'], '"a":b,c'],
    [['a=,a=b=*'], '"a":"","b=*"'],
  ])('%j asks %s', (filters, text) => {
    expect(formatNode(parseFilters(filters))).toBe(text)
    expect(parseQuery(text).where).toEqual(parseFilters(filters))
  })

  it('point at a statement without a key', () => {
    const message = "Invalid filter, '=b' is not a valid statement (expected a string on the form a=b or a= or a)"
    expect(() => parseFilters(['a=1, =b'])).toThrow(
      expect.objectContaining({ name: 'InputError', message, position: 5, length: 2 }),
    )
    expect(() => parseFilters(['=b'])).toThrow(QueryError)
  })
})

const vectorsUrl = new URL('../../../../../shared/corpus/catalog/ORACLE_formats.json', import.meta.url)
const isThere = existsSync(vectorsUrl)
if (!isThere)
  console.warn(`SKIPPED: the filter vectors are missing (${vectorsUrl.pathname}); Backstage's own answers are not compared.`)

type Vector = { filter: string[]; result: { ok: true; value: unknown } | { ok: false; error: string; message: string } }

describe.skipIf(!isThere)('the filter vectors', () => {
  // why: the file is a fixture of this shape, and a fault in it shows as a failing test.
  const vectors = isThere ? (JSON.parse(readFileSync(vectorsUrl, 'utf8')) as { filterParam: Vector[] }).filterParam : []
  it.each(vectors)('$filter', ({ filter, result }) => {
    if (result.ok) expect(toPredicate(parseFilters(filter))).toEqual(result.value)
    else expect(() => parseFilters(filter)).toThrow(expect.objectContaining({ name: result.error, message: result.message }))
  })
})

/** Backstage's form of the trees that filters make. */
function toPredicate(node: QueryNode): unknown {
  if (node.type === 'all') return { $all: node.of.map(toPredicate) }
  if (node.type === 'any') return { $any: node.of.map(toPredicate) }
  if (node.type === 'field' && node.op === 'exists') return { [node.field]: { $exists: true } }
  if (node.type === 'field' && node.op === 'in') {
    return { [node.field]: node.values.length === 1 ? node.values[0] : { $in: node.values } }
  }
  throw new Error(`a filter does not make ${JSON.stringify(node)}`)
}
