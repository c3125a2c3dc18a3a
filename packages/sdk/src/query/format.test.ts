import { describe, expect, it } from 'vitest'
import { formatNode, formatQuery, normalize, parseQuery, type Query, type QueryNode } from './query.ts'

describe('the canonical text', () => {
  it.each([
    ['', ''],
    ['  kind:API   Type:service ', 'kind:api type:service'],
    ['(a or b) and-more (c)', '(a or b) and-more c'],
    ['(a b) or c', 'a b or c'],
    ['-(a) -(a b) -(a or b)', '-a -(a b) -(a or b)'],
    ['"kafka" "or" "a b" "x:y"', 'kafka "or" "a b" "x:y"'],
    ['owner:group:default/team-a,user:jane', 'owner:team-a,user:default/jane'],
    ['owner:*', 'owner:*'],
    ['system:x -domain:*', 'system:x -domain:*'],
    ['partOf:system:x,y', 'partOf:system:default/x,y'],
    ['relations.ownedBy:team-a', 'relations.ownedby:team-a'],
    ['relations.ownedBy>3', 'relations.ownedby>3'],
    ['metadata.annotations.a.b/c:*', 'annotation.a.b/c:*'],
    ['"created":x', '"created":x'],
    ['created<=2026-01-01 changed<7d', 'created<2026-01-02 changed<7d'],
    ['dependson>(kind:resource) partof+>()', 'dependsOn>(kind:resource) partOf+>()'],
    ['@2026-06-01 sort:-changed a sort:name', 'a sort:-changed,name @2026-06-01'],
    ['() sort:name', 'sort:name'],
    ['-() or a', 'a'],
  ])('of %s is %s', (text, canonical) => expect(formatQuery(parseQuery(text))).toBe(canonical))

  it('of a comparison that takes in a moment does not take in the day', () => {
    const node: QueryNode = { type: 'field', field: 'created', op: 'lte', value: { type: 'date', date: '2026-01-01' } }
    expect(formatNode(node)).toBe('created<=2026-01-01T00:00:00Z')
  })
})

describe('any tree survives being written and read again', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    it(`with seed ${seed}`, () => {
      const random = seededRandom(seed)
      for (let round = 0; round < 1000; round++) {
        const query = makeQuery(random)
        const text = formatQuery(query)
        expect(parseQuery(text), text).toEqual({ ...query, where: normalize(query.where) })
        expect(formatQuery(parseQuery(text))).toBe(text)
      }
    })
  }
})

type Random = (below: number) => number

/** mulberry32 */
function seededRandom(seed: number): Random {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const FIELDS =
  `kind name created changed metadata.name metadata.tags metadata.labels.env metadata.labels. spec.type spec. is sort or
  relations.ownedby relations.partof relations.dependson relations.custom spec.a+ metadata.annotations.a.b/c-d -x @y a=b`.split(
    /\s+/,
  )
const REFS =
  `@me group:default/team-a system:default/x system:acme/y user:default/jane@x.com group:default/@me a:b/c/d:e team-a :x x: / g:/n`.split(
    ' ',
  )
const CHARACTERS = [...'abz09 -_.,:/@#+"\\*()<>=ö字😀\t']
const OPS = ['lt', 'lte', 'gt', 'gte'] as const
const UNITS = ['h', 'd', 'w', 'm', 'y'] as const
const DATES = ['2026-01-01T10:00:00Z', '1999-12-31T23:59:59.999Z']

function pick<T>(random: Random, items: readonly [T, ...T[]] | readonly T[]): T {
  const item = items[random(items.length)]
  if (item === undefined) throw new Error('there is nothing to pick from')
  return item
}

function makeMany<T>(random: Random, least: number, make: () => T): T[] {
  return Array.from({ length: least + random(3) }, make)
}

function makeText(random: Random, least: number): string {
  return random(8)
    ? makeMany(random, least, () => pick(random, CHARACTERS)).join('')
    : pick(random, ['or', 'kafka', 'order events'])
}

function makeQuery(random: Random): Query {
  const sort = random(3) ? [] : makeMany(random, 1, () => ({ field: makeField(random), descending: random(2) === 1 }))
  return { where: makeNode(random, 4), sort, ...(random(4) ? {} : { at: pick(random, ['2026-06-01', ...DATES]) }) }
}

function makeField(random: Random): string {
  return random(4) ? pick(random, FIELDS) : makeText(random, 1)
}

function makeNode(random: Random, depth: number): QueryNode {
  switch (random(depth ? 10 : 6)) {
    case 0:
      return { type: 'words', text: makeText(random, 1) }
    case 1:
      return { type: 'field', field: makeField(random), op: 'in', values: makeValues(random) }
    case 2:
      return {
        type: 'field',
        field: makeField(random),
        op: 'match',
        patterns: [...new Set([makePattern(random), ...makeValues(random).map(escape)])],
      }
    case 3:
      return { type: 'field', field: makeField(random), op: 'exists' }
    case 4:
      return makeComparison(random)
    case 5:
      return { type: 'is', state: pick(random, ['orphan', 'broken', 'starred'] as const) }
    case 6:
      return { type: 'not', of: makeNode(random, depth - 1) }
    case 7:
      return {
        type: 'hop',
        relation: pick(random, ['ownedby', 'partof', 'custom', 'a b+']),
        transitive: random(2) === 1,
        to: makeNode(random, depth - 1),
      }
    default:
      return { type: random(2) ? 'all' : 'any', of: makeMany(random, 0, () => makeNode(random, depth - 1)) }
  }
}

function makeValues(random: Random): string[] {
  return [...new Set(makeMany(random, 1, () => (random(2) ? pick(random, REFS) : makeText(random, 0))))]
}

function makePattern(random: Random): string {
  const rest = escape(random(2) ? pick(random, REFS) : makeText(random, 1))
  return pick(random, [`${rest}*`, `*${rest}`, `${rest}*${rest}`, 'system:*', 'group:default/*', '*:default/x'])
}

function escape(text: string): string {
  return text.replace(/[\\*]/g, '\\$&')
}

function makeComparison(random: Random): QueryNode {
  const op = pick(random, OPS)
  const isTime = random(2) === 1
  const field = isTime ? pick(random, ['created', 'changed']) : `spec.${makeField(random)}`
  // A day is only "before" or "from": the other two are about the day that follows.
  const dates = op === 'lt' || op === 'gte' ? [...DATES, '2024-02-29'] : DATES
  if (!random(3)) return { type: 'field', field, op, value: { type: 'date', date: pick(random, dates) } }
  if (isTime) return { type: 'field', field, op, value: { type: 'ago', count: random(9999), unit: pick(random, UNITS) } }
  return { type: 'field', field, op, value: { type: 'number', number: pick(random, [0, 3, -7, 0.25, 1e21, 5e-7]) } }
}
