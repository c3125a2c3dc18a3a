import { definePlugin, parseEntityRef, stringifyEntityRef, type Entity, type SourceMutation } from '@callboard/sdk'
import { formatQuery, type QueryNode } from '@callboard/sdk/query'
import { sql } from 'kysely'
import { describe, expect, inject, it } from 'vitest'
import { createLastingDatabase, createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { findByRefs, findFacets, findItems, countAll, type ItemAsk } from '../query/findItems.ts'
import { openScope, type Scope } from '../query/scope.ts'
import { findIndex } from './createIndex.ts'
import { createRandom, randomEntity, randomTree, type Random } from './randomCatalog.ts'

const ACTOR = {
  type: 'user',
  id: 'user:default/alpha',
  ownershipRefs: ['user:default/alpha', 'group:default/alpha', 'user:other/pay'],
} as const

const ANCHOR: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'anchor' },
  spec: { type: 'service', lifecycle: 'production', owner: 'alpha' },
}

/** A portal whose only source says what `state` holds; `when` limits what its reader may see. */
async function startPortal(state: { mutation: SourceMutation }, options: Parameters<typeof createTestPortal>[0] = {}) {
  return createTestPortal({
    ...options,
    plugins: [
      definePlugin({ name: 'random', setup: portal => portal.source({ name: 'all', read: () => state.mutation }) }),
      definePlugin({
        name: 'limits',
        setup: portal =>
          portal.policy(({ actor }) => (actor.id === 'user:default/limited' ? { when: '-tag:java or owner:alpha' } : 'allow')),
      }),
    ],
  })
}

async function indexed(portal: TestPortal): Promise<void> {
  await until(async () => expect(await findIndex(portal.kernel)?.current()).toBeDefined())
}

/** What the database alone answers: a scope that knows no index. */
async function openScopes(portal: TestPortal, limited: boolean): Promise<{ memory: Scope; database: Scope }> {
  const actor = { ...ACTOR, ownershipRefs: [...ACTOR.ownershipRefs], id: limited ? 'user:default/limited' : ACTOR.id }
  const memory = await openScope(portal.kernel, actor)
  return { memory, database: { ...memory, index: undefined } }
}

const SORTS = [
  'metadata.name',
  'kind',
  'metadata.title',
  'spec.type',
  'changed',
  'spec.tier',
  'metadata.namespace',
  'spec.absent',
] as const
const FACETS = [
  'kind',
  'spec.type',
  'metadata.tags',
  'relations.ownedBy',
  'relations.dependencyOf',
  'metadata.namespace',
  'spec.tier',
  'nothing',
] as const

async function compare(portal: TestPortal, random: Random, where: QueryNode): Promise<void> {
  const { memory, database } = await openScopes(portal, random.chance(0.3))
  const why = formatQuery({ where, sort: [] })
  const sort = Array.from({ length: random.below(3) }, () => ({ field: random.pick(SORTS), descending: random.chance(0.5) }))
  const ask: ItemAsk = { where, sort, missing: random.pick(['exclude', 'last']), limit: 1 + random.below(6), withTotal: true }
  const both = async <T>(read: (scope: Scope) => Promise<T>): Promise<T> => {
    const truth = await read(database)
    expect(await read(memory), `${why} ${JSON.stringify(sort)}`).toEqual(truth)
    return truth
  }
  let items = await both(scope => findItems(scope, ask))
  for (let pages = 0; pages < 3 && items.length > 0; pages++) {
    const [edge, backwards] = random.chance(0.3) ? ([items[0], true] as const) : ([items.at(-1), false] as const)
    const after = edge && [...edge.keys, edge.ref]
    items = await both(scope => findItems(scope, { ...ask, after, backwards, withTotal: false }).then(withoutTotals))
  }
  await both(scope => countAll(scope, ask))
  const facets = [...new Set([random.pick(FACETS), 'kind'])]
  await both(scope => findFacets(scope, facets, where))
  const refs = [
    'component:default/anchor',
    'component:default/alpha',
    'group:default/beta',
    'api:default/pay-api',
    'no:such/thing',
  ]
  await both(async scope => (await findByRefs(scope, refs, where, false)).toSorted((a, b) => (a.ref < b.ref ? -1 : 1)))
}

/** The database counts only when it is asked to; the index always knows. */
function withoutTotals<T extends { total: number | null }>(items: T[]): T[] {
  return items.map(item => ({ ...item, total: null }))
}

function refOf(entity: Entity): string {
  return stringifyEntityRef(entity)
}

/** Changes some of the catalog. */
function change(entities: Map<string, Entity>, random: Random): void {
  for (let count = random.below(6); count >= 0; count--) {
    const entity = randomEntity(random)
    const ref = refOf(entity)
    if (random.chance(0.3)) entities.delete(random.pick([ref, ...entities.keys()]))
    else entities.set(ref, entity)
  }
}

async function take(portal: TestPortal, state: { mutation: SourceMutation }, entities: Map<string, Entity>): Promise<void> {
  state.mutation = { type: 'full', entities: [ANCHOR, ...entities.values()] }
  expect((await portal.post('/api/catalog/refresh', { entityRef: 'component:default/anchor' })).status).toBe(200)
}

async function answersOf(portal: TestPortal): Promise<{ index: number; database: number }> {
  const text = await (await portal.request('/metrics')).text()
  const read = (from: string) =>
    Number(new RegExp(`^callboard_catalog_reads_total\\{from="${from}"\\} (\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return { index: read('index'), database: read('database') }
}

describe('the index and the database', () => {
  it.for([1, 2, 3])(
    'agree on random catalogs, questions and changes between them (seed %i)',
    { timeout: 120_000 },
    async seed => {
      const random = createRandom(seed)
      const state: { mutation: SourceMutation } = { mutation: { type: 'full', entities: [ANCHOR] } }
      const portal = await startPortal(state, { config: { catalog: { orphanStrategy: seed === 2 ? 'keep' : 'delete' } } })
      await until(() => portal.get('/api/catalog/entities/by-name/component/default/anchor'))
      await indexed(portal)
      const entities = new Map<string, Entity>()
      for (let round = 0; round < 12; round++) {
        change(entities, random)
        await take(portal, state, entities)
        const count = (await portal.get('/api/catalog/entities/by-query?limit=0')).totalItems
        if (seed !== 2) expect(count).toBe(entities.size + 1)
        for (let asked = 0; asked < 8; asked++) await compare(portal, random, randomTree(random, 3))
      }
      const answers = await answersOf(portal)
      expect(answers.index).toBeGreaterThan(answers.database * 4)
    },
  )

  it('agree after a restart, and when more changes at once than is followed', { timeout: 120_000 }, async () => {
    const random = createRandom(7)
    const database = await createLastingDatabase()
    const state: { mutation: SourceMutation } = { mutation: { type: 'full', entities: [ANCHOR] } }
    const first = await startPortal(state, { database })
    await until(() => first.get('/api/catalog/entities/by-name/component/default/anchor'))
    await indexed(first)
    const entities = new Map<string, Entity>()
    for (let number = 0; number < 2500; number++) {
      const entity = { ...randomEntity(random) }
      entity.metadata = { ...entity.metadata, name: `${entity.metadata.name}-${number}` }
      entities.set(refOf(entity), entity)
    }
    await take(first, state, entities)
    for (let asked = 0; asked < 5; asked++) await compare(first, random, randomTree(random, 3))
    await indexed(first)
    for (let asked = 0; asked < 5; asked++) await compare(first, random, randomTree(random, 3))
    await first.close()
    const second = await startPortal(state, { database })
    await indexed(second)
    for (let asked = 0; asked < 10; asked++) await compare(second, random, randomTree(random, 3))
  })

  it.skipIf(inject('database') === 'pglite')(
    'agree at one replica about what another one has just written, though its notices are lost',
    { timeout: 120_000 },
    async () => {
      const random = createRandom(11)
      const database = await createLastingDatabase()
      const state: { mutation: SourceMutation } = { mutation: { type: 'full', entities: [ANCHOR] } }
      const writer = await startPortal(state, { database })
      const reader = await startPortal(state, { database })
      await until(() => reader.get('/api/catalog/entities/by-name/component/default/anchor'))
      await Promise.all([indexed(writer), indexed(reader)])
      const entities = new Map<string, Entity>()
      for (let round = 0; round < 10; round++) {
        change(entities, random)
        await take(writer, state, entities)
        if (round % 3 === 1) {
          await sql`select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'callboard notices' and datname = current_database()`.execute(reader.kernel.database.db)
        }
        const ref = parseEntityRef([...entities.keys()].at(-1) ?? 'component:default/anchor')
        await reader.get(`/api/catalog/entities/by-name/${ref.kind}/${ref.namespace}/${ref.name}`)
        for (let asked = 0; asked < 4; asked++) await compare(reader, random, randomTree(random, 3))
      }
      expect((await answersOf(reader)).index).toBeGreaterThan(0)
    },
  )
})
