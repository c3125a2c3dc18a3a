import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, document, documents } from '../../testkit/descriptors.ts'
import { find, names, problems, versions } from '../../testkit/readCatalog.ts'

const LOCATION = { type: 'file', target: './catalog-info.yaml' }
const RULES = [{ allow: ['Component', 'Location', 'Environment'] }]
const ENVIRONMENT = { spec: { required: ['tier'] } }
const DEPLOYED = { relations: [{ field: 'runsIn', relation: 'deployedTo', inverse: 'hosts', defaultKind: 'Environment' }] }

const text = documents(component('shop', { runsIn: 'live' }), document('Environment', 'live', { tier: 'live' }))

async function configure(portal: TestPortal, catalog: object, rest: object = {}): Promise<void> {
  await portal.write(
    'app-config.yaml',
    JSON.stringify({ catalog: { rules: RULES, locations: [LOCATION], ...catalog }, ...rest }, null, 2),
  )
}

async function start(files: Record<string, string> = {}): Promise<TestPortal> {
  const portal = await createTestPortal({
    files: { 'catalog-info.yaml': text, ...files },
    config: { catalog: { rules: RULES, locations: [LOCATION] } },
  })
  await until(async () => expect(await names(portal)).toEqual(['shop']))
  expect(await names(portal, 'kind=environment')).toEqual([])
  expect(await problems(portal)).toEqual([expect.objectContaining({ code: 'DESCRIPTOR_KIND_UNKNOWN' })])
  return portal
}

async function kindsOf(portal: TestPortal): Promise<string[]> {
  return (await portal.get('/api/catalog/kinds')).items.map((each: any) => each.kind)
}

describe('a configuration that changes while the portal runs', () => {
  it('brings kinds and relations, changes them, and takes them away', async () => {
    const portal = await start()
    await configure(portal, { kinds: { Environment: ENVIRONMENT } })
    await until(async () => expect(await names(portal, 'kind=environment')).toEqual(['live']))
    expect(await problems(portal)).toEqual([])
    expect((await find(portal, 'shop')).relations).toEqual([{ type: 'ownedBy', targetRef: 'group:default/crew' }])

    await configure(portal, { kinds: { Environment: ENVIRONMENT, Component: DEPLOYED } })
    const deployed = { type: 'deployedTo', targetRef: 'environment:default/live' }
    await until(async () => expect((await find(portal, 'shop')).relations).toContainEqual(deployed))
    const before = new Date().toISOString()

    const renamed = { relations: [{ ...DEPLOYED.relations[0], relation: 'runsOn', inverse: 'carries' }] }
    await configure(portal, { kinds: { Environment: ENVIRONMENT, Component: renamed } })
    const live = '/api/catalog/entities/by-name/environment/default/live'
    await until(async () =>
      expect((await portal.get(live)).relations).toEqual([{ type: 'carries', targetRef: 'component:default/shop' }]),
    )
    // The past is told in the words of its own model.
    expect((await portal.get(`${live}?at=${before}`)).relations).toEqual([{ type: 'hosts', targetRef: 'component:default/shop' }])
    expect(await versions(portal, 'shop')).toHaveLength(3)

    await configure(portal, {})
    await until(async () =>
      expect(await problems(portal)).toEqual([expect.objectContaining({ code: 'DESCRIPTOR_KIND_UNKNOWN' })]),
    )
    expect(await kindsOf(portal)).not.toContain('Environment')
    // As with any document that has become wrong, what was good is kept.
    expect(await names(portal, 'kind=environment')).toEqual(['live'])
    expect(await versions(portal, 'shop')).toHaveLength(4)
  })

  it('brings rules and locations, and lets go of them', async () => {
    const portal = await start({ 'more.yaml': component('more') })
    const more = { type: 'file', target: './more.yaml' }
    await configure(portal, { locations: [LOCATION, more] })
    await until(async () => expect(await names(portal)).toEqual(['more', 'shop']))
    await configure(portal, { locations: [more] })
    await until(async () => expect(await names(portal)).toEqual(['more']))
    await configure(portal, { locations: [more], rules: [{ allow: ['Location'] }] })
    await until(async () => expect(await names(portal)).toEqual([]))
    expect((await problems(portal)).map(each => each.code)).toEqual(['CATALOG_RULE'])
  })

  it('that is wrong changes nothing, says where it is wrong, and is used once it is right', async () => {
    const portal = await start()
    await configure(portal, { kinds: { Environment: { spec: { type: 'wrong' } } }, rules: [{ allow: ['Location'] }] })
    await until(async () => expect(await problems(portal)).toHaveLength(2))
    const lines = (await readFile(join(portal.folder, 'app-config.yaml'), 'utf8')).split('\n')
    expect((await problems(portal))[0]).toMatchObject({
      code: 'CONFIG_KIND',
      location: `file:${join(portal.folder, 'app-config.yaml')}`,
      line: 1 + lines.findIndex(line => line.includes('"spec"')),
    })
    expect(portal.log.some(line => line.includes('is not used: A kind cannot be used: catalog.kinds.Environment.spec'))).toBe(
      true,
    )
    await portal.reload()
    expect(await names(portal)).toEqual(['shop'])
    expect(await kindsOf(portal)).not.toContain('Environment')

    await configure(portal, { kinds: { Environment: ENVIRONMENT } })
    await until(async () => expect(await names(portal, 'kind=environment')).toEqual(['live']))
    expect(await problems(portal)).toEqual([])
  })

  it('says which keys wait for the next start', async () => {
    const portal = await start()
    await configure(portal, { kinds: { Environment: ENVIRONMENT }, readonly: true }, { app: { title: 'Other' } })
    await until(async () => expect(await names(portal, 'kind=environment')).toEqual(['live']))
    expect(portal.log.some(line => line.includes('these keys wait for the next start: catalog.readonly, app'))).toBe(true)
    expect(portal.log.some(line => line.includes('is in use: catalog.kinds'))).toBe(true)
  })

  it('follows the files of model layers, too', async () => {
    const portal = await start()
    await portal.write('layer.yaml', 'layerId: x\nops: [nonsense]\n')
    await configure(portal, { modelLayers: ['./layer.yaml'] })
    await until(async () => expect((await problems(portal)).map(each => each.code)).toContain('CONFIG_MODEL_LAYER'))
    const properties = { singular: 'environment', plural: 'environments', description: 'A place' }
    const kind = { op: 'declareKind.v1', kind: 'Environment', group: 'backstage.io', properties }
    const schema = { jsonSchema: {} }
    const version = { op: 'declareKindVersion.v1', kind: 'Environment', name: 'v1alpha1', properties: { schema } }
    await portal.write('layer.yaml', JSON.stringify({ layerId: 'x', ops: [kind, version] }))
    await until(async () => expect(await names(portal, 'kind=environment')).toEqual(['live']))
    expect(await problems(portal)).toEqual([])
  })
})
