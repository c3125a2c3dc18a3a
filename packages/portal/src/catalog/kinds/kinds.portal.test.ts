import { definePlugin } from '@callboard/sdk'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, document, documents, group } from '../../testkit/descriptors.ts'
import { find, names, problems } from '../../testkit/readCatalog.ts'

const KINDS = {
  Environment: {
    plural: 'Environments',
    apiVersions: ['acme.example/v1'],
    description: 'A place in which software runs.',
    icon: 'cloud',
    spec: { required: ['tier'], properties: { tier: { type: 'string', enum: ['test', 'live'] } } },
    relations: [{ field: 'owner', relation: 'ownedBy', defaultKind: 'Group', cardinality: 'one' }],
    columns: [{ title: 'Tier', field: 'spec.tier' }],
    form: ['tier', 'owner'],
    searchable: ['region'],
  },
  Component: {
    spec: { properties: { owners: { type: 'array', items: { type: 'string' } } } },
    relations: [
      { field: 'owners', relation: 'ownedBy', defaultKind: 'Group' },
      { field: 'deployments.to', relation: 'deployedTo', inverse: 'hosts', defaultKind: 'Environment' },
    ],
  },
}

const environment = (name: string, spec: object = { tier: 'live' }) =>
  JSON.stringify({ apiVersion: 'acme.example/v1', kind: 'Environment', metadata: { name }, spec })

function catalog(rest: object) {
  return { catalog: { rules: [{ allow: ['Component', 'API', 'Group', 'Location', 'Environment', 'AiResource'] }], ...rest } }
}

async function start(text: string, rest: object = { kinds: KINDS }): Promise<TestPortal> {
  const locations = [{ type: 'file', target: './catalog-info.yaml' }]
  return createTestPortal({ files: { 'catalog-info.yaml': text }, config: catalog({ locations, ...rest }) })
}

async function refs(portal: TestPortal, q: string, at = ''): Promise<string[]> {
  const { items } = await portal.get(`/api/catalog/entities/by-query?q=${encodeURIComponent(q)}&fields=kind,metadata.name${at}`)
  return items.map((item: any) => `${item.kind.toLowerCase()}:${item.metadata.name}`)
}

describe('a kind of the configuration', () => {
  it('is taken in, related, asked about, counted and described', async () => {
    const shop = component('shop', { owners: ['crew', 'deck'], deployments: [{ to: 'live' }, { to: 'test' }] })
    const portal = await start(
      documents(environment('live', { tier: 'live', region: 'Atlantis' }), shop, group('crew'), group('deck')),
    )
    await until(async () => expect(await names(portal, 'kind=environment')).toEqual(['live']))
    const { relations, spec } = await find(portal, 'shop')
    expect(relations).toEqual([
      { type: 'deployedTo', targetRef: 'environment:default/live' },
      { type: 'deployedTo', targetRef: 'environment:default/test' },
      { type: 'ownedBy', targetRef: 'group:default/crew' },
      { type: 'ownedBy', targetRef: 'group:default/deck' },
    ])
    expect(spec.owners).toEqual(['crew', 'deck'])
    const live = await portal.get('/api/catalog/entities/by-name/environment/default/live')
    expect(live.relations).toEqual([{ type: 'hosts', targetRef: 'component:default/shop' }])

    const isReady = async () => (await (await portal.request('/metrics')).text()).includes('callboard_catalog_index_ready 1')
    await until(async () => expect(await isReady()).toBe(true))
    // The index answers as the database does; of another time only the database knows.
    for (const at of ['', `&at=${encodeURIComponent(new Date().toISOString())}`]) {
      expect(await refs(portal, 'relations.deployedTo:environment:default/live', at)).toEqual(['component:shop'])
      expect(await refs(portal, 'relations.hosts:component:default/shop', at)).toEqual(['environment:live'])
      expect(await refs(portal, 'relations.hosts>(owner:deck)', at)).toEqual(['environment:live'])
      expect(await refs(portal, 'relations.deployedTo>(spec.tier:live)', at)).toEqual(['component:shop'])
      expect(await refs(portal, 'relations.DEPLOYEDTO:environment:default/none', at)).toEqual([])
    }
    expect(await refs(portal, 'atlantis')).toEqual(['environment:live'])
    const { facets } = await portal.get(
      '/api/catalog/entity-facets?facet=relations.hosts&facet=relations.deployedTo&facet=relations.none',
    )
    expect(facets).toEqual({
      'relations.hosts': [{ value: 'component:default/shop', count: 1 }],
      'relations.deployedTo': [
        { value: 'environment:default/live', count: 1 },
        { value: 'environment:default/test', count: 1 },
      ],
      'relations.none': [],
    })
    const { items } = await portal.get('/api/catalog/kinds')
    expect(items.find((each: any) => each.kind === 'Environment')).toEqual({
      kind: 'Environment',
      plural: 'Environments',
      apiVersions: ['acme.example/v1'],
      description: 'A place in which software runs.',
      icon: 'cloud',
      spec: { type: 'object', ...KINDS.Environment.spec },
      relations: [{ ...KINDS.Environment.relations[0], inverse: 'ownerOf' }],
      columns: [{ title: 'Tier', field: 'spec.tier' }],
      form: ['tier', 'owner'],
    })
  })

  it('refuses what its schema does not allow, and a list where it wants one, at the field', async () => {
    const portal = await start(
      documents(environment('odd', { tier: 'moon' }), environment('many', { tier: 'live', owner: ['a', 'b'] })),
    )
    await until(async () => expect(await problems(portal)).toHaveLength(2))
    expect(await problems(portal)).toEqual([
      expect.objectContaining({
        ref: 'environment:default/odd',
        code: 'DESCRIPTOR_KIND',
        line: 2,
        message: expect.stringContaining('/spec/tier must be'),
      }),
      expect.objectContaining({
        ref: 'environment:default/many',
        line: 4,
        message: 'environment:default/many: /spec/owner must be one reference, not a list',
      }),
    ])
  })

  it.each([
    [{ Environment: { spec: { type: 'wrong' } } }, 'catalog.kinds.Environment.spec is not a JSON Schema'],
    [{ component: {} }, 'catalog.kinds.component is spelled Component elsewhere'],
    [{ Box: { relations: [{ field: 'in', relation: 'liesIn' }] } }, 'makes liesIn, which is new: say its inverse'],
    [{ Box: { relations: [{ field: 'in', relation: 'ownedBy', inverse: 'has' }] } }, 'and elsewhere it is ownerOf'],
    [
      { Box: { relations: [{ field: 'in', relation: 'ownedBy', defaultKind: 'Grup' }] } },
      'names the kind Grup, which is not known',
    ],
    [{ Box: { plurl: 'Boxes' } }, 'catalog.kinds.Box.plurl is not a known key; did you mean plural?'],
  ])('that is wrong stops the start and is named with its file and line: %j', async (kinds, sentence) => {
    const error = await start('', { kinds }).catch((cause: unknown) => cause)
    expect(error).toMatchObject({ code: expect.stringMatching(/^CONFIG_/), message: expect.stringContaining(sentence) })
    expect(error).toMatchObject({ message: expect.stringMatching(/app-config\.yaml:1/), where: { line: 1 } })
  })
})

describe('a kind of a plugin', () => {
  it('is one of the portal alone that has the plugin, and the configuration adds to it', async () => {
    const plugin = definePlugin({
      name: 'boxes',
      setup(portal) {
        portal.kind({ kind: 'Box', relations: [{ field: 'in', relation: 'liesIn', inverse: 'holds', defaultKind: 'Box' }] })
      },
    })
    const files = { 'catalog-info.yaml': documents(document('Box', 'a', { in: 'b' }), document('Box', 'b', { in: 'c' })) }
    const config = {
      catalog: {
        rules: [{ allow: ['Box'] }],
        locations: [{ type: 'file', target: './catalog-info.yaml' }],
        kinds: { Box: { plural: 'Boxes', spec: { required: ['in'] } } },
      },
    }
    const portal = await createTestPortal({ files, config, plugins: [plugin] })
    await until(async () => expect(await names(portal, 'kind=box')).toEqual(['a', 'b']))
    expect(await refs(portal, 'relations.holds+>(name:c)')).toEqual([])
    expect(await refs(portal, 'relations.holds+>(name:a)')).toEqual(['box:b'])
    expect(portal.plugins.find(each => each.name === 'boxes')?.kinds).toEqual(['Box'])
    const items = async (each: TestPortal) => (await each.get('/api/catalog/kinds')).items
    expect(await items(portal)).toContainEqual(expect.objectContaining({ kind: 'Box', plural: 'Boxes' }))
    const other = await createTestPortal()
    expect(await items(other)).toHaveLength(9)
  })
})

const LAYER = {
  layerId: 'acme.example/kind-ai-resource',
  ops: [
    {
      op: 'declareKindVersion.v1',
      kind: 'AiResource',
      name: 'v1alpha1',
      specType: 'plugin',
      properties: {
        relationFields: [
          { selector: { path: 'spec.skills' }, relation: 'hasSkill', defaultKind: 'AiResource', allowedKinds: ['AiResource'] },
        ],
        schema: { jsonSchema: { required: ['spec'], properties: { spec: { type: 'object', required: ['skills'] } } } },
      },
    },
    {
      op: 'declareKindVersion.v1',
      kind: 'AiResource',
      name: 'v1alpha1',
      properties: { schema: { jsonSchema: { properties: { spec: { type: 'object', required: ['type'] } } } } },
    },
    {
      op: 'declareKind.v1',
      kind: 'AiResource',
      group: 'backstage.io',
      properties: { singular: 'airesource', plural: 'airesources', description: 'What AI tools read.' },
    },
    {
      op: 'declareRelation.v1',
      fromKind: 'AiResource',
      type: 'hasSkill',
      toKind: 'AiResource',
      properties: { reverseType: 'skillOf', title: 'has skill', description: 'A plugin contains a skill.' },
    },
    { op: 'declareAnnotation.v1', name: 'acme.example/x', properties: { description: 'Anything' } },
    {
      op: 'declareKindVersion.v1',
      kind: 'API',
      name: 'v1alpha1',
      specType: 'mcp-server',
      properties: {
        schema: {
          jsonSchema: {
            properties: { spec: { type: 'object', required: ['remotes'], properties: { remotes: { minItems: 1 } } } },
          },
        },
      },
    },
  ],
}

describe('a model layer in the format of Backstage', () => {
  it('declares kinds whose definition depends on their type, and pairs of relations', async () => {
    const text = documents(
      document('AiResource', 'tools', { type: 'plugin', skills: ['review', 'component:shop'] }),
      document('AiResource', 'review', { type: 'skill' }),
      document('AiResource', 'bare', { type: 'plugin' }),
      document('API', 'mcp', {
        type: 'mcp-server',
        lifecycle: 'production',
        owner: 'crew',
        remotes: [{ type: 'sse', url: 'https://x.example' }],
      }),
      document('API', 'plain', { type: 'openapi', lifecycle: 'production', owner: 'crew' }),
    )
    const files = { 'catalog-info.yaml': text, 'layers/ai.yaml': JSON.stringify(LAYER, null, 2) }
    const locations = [{ type: 'file', target: './catalog-info.yaml' }]
    const portal = await createTestPortal({ files, config: catalog({ locations, modelLayers: ['./layers/ai.yaml'] }) })
    await until(async () => expect(await names(portal, 'kind=airesource')).toEqual(['review', 'tools']))
    expect(await names(portal, 'kind=api')).toEqual(['mcp'])
    const tools = await portal.get('/api/catalog/entities/by-name/airesource/default/tools')
    expect(tools.relations).toEqual([{ type: 'hasSkill', targetRef: 'airesource:default/review' }])
    expect(await refs(portal, 'relations.skillOf:airesource:default/tools')).toEqual(['airesource:review'])
    const messages = (await problems(portal)).map(each => [each.ref, each.line])
    expect(messages).toEqual([
      ['airesource:default/bare', 6],
      ['api:default/plain', 10],
    ])
  })

  it('describes the kind AiResource and MCP servers as the example does', async () => {
    const base = { lifecycle: 'production', owner: 'crew' }
    const text = documents(
      document('AiResource', 'tools', { ...base, type: 'plugin', skills: ['review'] }),
      document('AiResource', 'review', { ...base, type: 'skill', agents: ['any'] }),
      document('AiResource', 'note', { ...base, type: 'note' }),
      document('AiResource', 'vague', { ...base, type: 'rule', category: 'style' }),
      document('API', 'mcp', { ...base, type: 'mcp-server', remotes: [] }),
    )
    const layers = join(import.meta.dirname, '../../../../../examples/model-layers/ai.yaml')
    const portal = await start(text, { modelLayers: [layers] })
    await until(async () => expect(await names(portal, 'kind=airesource')).toEqual(['note', 'review', 'tools']))
    expect(await refs(portal, 'relations.skillOf:airesource:default/tools')).toEqual(['airesource:review'])
    const refused = await problems(portal)
    expect(refused.map(each => each.ref)).toEqual(['airesource:default/vague', 'api:default/mcp'])
    expect(refused[0].message).toContain("must have required property 'rationale'")
  })

  it.each([
    [{ layerId: 'x', ops: [{ op: 'removeKind.v1', kind: 'Boat' }] }, 'removeKind.v1: the kind Boat is not known'],
    [{ layerId: 'x', ops: [{ op: 'raiseKind.v1', kind: 'Boat' }] }, 'ops.0.op: Invalid'],
  ])('that is wrong stops the start with its file and line: %j', async (layer, sentence) => {
    const files = { 'layer.json': JSON.stringify(layer, null, 1) }
    const starting = createTestPortal({ files, config: catalog({ modelLayers: ['./layer.json'] }) })
    await expect(starting).rejects.toMatchObject({ code: 'CONFIG_MODEL_LAYER', message: expect.stringContaining(sentence) })
    await expect(starting).rejects.toMatchObject({ message: expect.stringMatching(/layer\.json:\d/) })
  })
})
