import type { Entity, JsonObject } from '@callboard/sdk'
import type { AgeUnit, CompareOp, CompareValue, QueryNode } from '@callboard/sdk/query'

/** A source of numbers that gives the same ones again for the same seed (mulberry32). */
export type Random = {
  next(): number
  below(limit: number): number
  pick<T>(items: readonly [T, ...T[]]): T
  chance(part: number): boolean
}

export function createRandom(seed: number): Random {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    // why: the index lies within the list, which has at least one item.
    pick: items => items[below(items.length)] as (typeof items)[0],
    chance: part => next() < part,
  }
}

const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'omega', 'pay', 'pay-api', 'order_events', 'Upper'] as const
const WORDS = ['kafka', 'orders', 'billing 100%', 'a_b', 'Straße', 'naïve', 'back\\slash', 'emoji 🚀'] as const
const TYPES = ['service', 'website', 'Library', 'service'] as const
const TAGS = ['java', 'go', 'tier:1', 'c++'] as const
const RELATIONS = [
  'ownedby',
  'ownerof',
  'dependson',
  'dependencyof',
  'partof',
  'haspart',
  'providesapi',
  'memberof',
  'haSmember',
  'unknown',
] as const

/** A name out of few, so that names are met again, given up and taken up by other kinds. */
export function randomName(random: Random): string {
  return `${random.pick(NAMES)}${random.chance(0.5) ? random.below(4) : ''}`
}

function randomRef(random: Random): string {
  const kind = random.pick(['component', 'group', 'api', 'system', 'user'])
  return `${kind}:${random.chance(0.8) ? 'default' : 'other'}/${randomName(random)}`.toLowerCase()
}

/** An entity that the catalog takes, of any of some kinds, with everything that can be asked about. */
export function randomEntity(random: Random): Entity {
  const metadata = {
    name: randomName(random),
    ...(random.chance(0.2) ? { namespace: 'other' } : {}),
    ...(random.chance(0.5) ? { title: `${random.pick(WORDS)} ${random.below(3)}` } : {}),
    ...(random.chance(0.5) ? { description: random.pick(WORDS) } : {}),
    ...(random.chance(0.6) ? { tags: [random.pick(TAGS), random.pick(TAGS)] } : {}),
    ...(random.chance(0.3) ? { labels: { env: random.pick(['prod', 'Test']) } } : {}),
    ...(random.chance(0.2) ? { annotations: { 'example.com/page': `https://x.example/${random.below(3)}?a=b` } } : {}),
  }
  const make = (kind: string, spec: JsonObject): Entity => ({ apiVersion: 'backstage.io/v1alpha1', kind, metadata, spec })
  const refs = (count: number) => Array.from({ length: random.below(count + 1) }, () => randomRef(random))
  const owner = random.pick(['alpha', 'beta', 'user:other/pay', 'group:default/nobody'])
  const common = {
    type: random.pick(TYPES),
    lifecycle: random.pick(['production', 'experimental']),
    owner,
    ...(random.chance(0.4) ? { tier: random.pick([1, 2, 10, 2.5, -3, '7', 'x']) } : {}),
    ...(random.chance(0.3) ? { since: random.pick(['2026-01-01', '2026-06-01T10:00:00Z', '2025-12-31', 'never']) } : {}),
  }
  switch (random.below(5)) {
    case 0:
      return make('Group', {
        type: 'team',
        children: random.chance(0.5) ? ['beta'] : [],
        ...(random.chance(0.3) ? { parent: 'alpha' } : {}),
      })
    case 1:
      return make('User', { memberOf: random.chance(0.7) ? ['alpha', 'beta'] : [] })
    case 2:
      return make('API', { ...common, definition: 'x', ...(random.chance(0.5) ? { system: 'pay' } : {}) })
    default:
      return make('Component', {
        ...common,
        dependsOn: refs(3),
        dependencyOf: refs(1),
        ...(random.chance(0.4) ? { providesApis: ['pay-api', 'alpha'] } : {}),
        ...(random.chance(0.3) ? { system: 'pay' } : {}),
      })
  }
}

const FIELDS: [string, readonly [string, ...string[]]][] = [
  ['kind', ['component', 'group', 'api', 'nothing']],
  ['metadata.name', ['alpha', 'pay1', 'upper']],
  ['metadata.namespace', ['default', 'other']],
  ['metadata.title', ['kafka 1', 'orders 0']],
  ['metadata.tags', ['java', 'c++', 'tier:1']],
  ['metadata.tags.java', ['true']],
  ['metadata.labels.env', ['prod', 'test']],
  ['metadata.annotations.example.com/page', ['https://x.example/1?a=b']],
  ['metadata.description', ['billing 100%', 'naïve']],
  ['spec.type', ['service', 'library']],
  ['spec.tier', ['1', '2.5', 'x']],
  ['spec.dependson', ['component:default/alpha']],
  ['spec', ['x']],
  ['relations.ownedby', ['group:default/alpha', 'user:other/pay', '@me']],
  ['relations.dependencyof', ['component:default/alpha', 'component:default/beta1']],
  ['relations.hasmember', ['user:default/alpha']],
]

/** A tree of at most so many levels. */
export function randomTree(random: Random, depth: number): QueryNode {
  const below = () => randomTree(random, depth - 1)
  const several = () => Array.from({ length: random.below(4) }, below)
  if (depth > 0 && random.chance(0.5)) {
    switch (random.below(4)) {
      case 0:
        return { type: 'all', of: several() }
      case 1:
        return { type: 'any', of: several() }
      case 2:
        return { type: 'not', of: below() }
      default:
        return { type: 'hop', relation: random.pick(RELATIONS), transitive: random.chance(0.4), to: below() }
    }
  }
  if (random.chance(0.15))
    return { type: 'words', text: random.pick(['kafka', '100%', '_b', 'straße', 'a', '\\s', '🚀', 'java', 'al\npha']) }
  if (random.chance(0.1)) return { type: 'is', state: random.pick(['orphan', 'broken', 'starred']) }
  if (random.chance(0.15)) return randomComparison(random)
  const [field, values] = random.pick(FIELDS as [(typeof FIELDS)[0], ...typeof FIELDS])
  if (random.chance(0.2)) return { type: 'field', field, op: 'exists' }
  if (random.chance(0.25)) {
    const value = random.pick(values)
    const middle = Math.floor(value.length / 2)
    const pattern = random.pick(['*', `*${value.slice(middle)}`, `${value.slice(0, middle)}*`, `*${value.slice(1, middle)}*`])
    return { type: 'field', field, op: 'match', patterns: [pattern] }
  }
  return { type: 'field', field, op: 'in', values: [random.pick(values), ...(random.chance(0.3) ? [random.pick(values)] : [])] }
}

function randomComparison(random: Random): QueryNode {
  const op: CompareOp = random.pick(['lt', 'lte', 'gt', 'gte'])
  const unit: AgeUnit = random.pick(['h', 'd'])
  const date: CompareValue = random.pick([
    { type: 'date', date: '2026-01-01' } as const,
    { type: 'ago', count: 1, unit } as const,
  ])
  switch (random.below(3)) {
    case 0:
      return { type: 'field', field: 'spec.tier', op, value: { type: 'number', number: random.pick([1, 2, 2.5, 10]) } }
    case 1:
      return { type: 'field', field: 'spec.since', op, value: date }
    default:
      return { type: 'field', field: random.pick(['changed', 'created']), op, value: date }
  }
}
