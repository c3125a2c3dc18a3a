import { hash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../testkit/createTestPortal.ts'
import { component, document, documents, group } from '../testkit/descriptors.ts'
import { find, names, problems } from '../testkit/readCatalog.ts'
import { serveFiles, type FileServer } from '../testkit/serveFiles.ts'

// What clients and files of Backstage rely on without its documentation saying so.

const SLUG = { 'example.com/slug': 'acme/ledger' }
const FILE = documents(
  group('crew'),
  component('Ledger', { dependsOn: ['resource:z', 'component:b', 'component:a'] }, { title: 'Ledger', annotations: SLUG }),
  component('ledger', { type: 'library' }),
  component('site', { type: 'Website', lifecycle: 'production' }, { tags: ['web'] }),
  component('shop', { type: 'website' }, { labels: { tier: 'one' } }),
)

let shared: TestPortal
let end: () => Promise<void>

beforeAll(async () => {
  shared = await createTestPortal({ files: { 'catalog-info.yaml': FILE }, onEnd: run => (end = run) })
  await until(async () => expect(await names(shared)).toEqual(['Ledger', 'shop', 'site']))
})
afterAll(() => end())

async function validate(entity: string, location = 'url:https://example.com/x.yaml'): Promise<string> {
  const response = await shared.post('/api/catalog/validate-entity', { entity: JSON.parse(entity), location })
  if (response.status === 200) return 'valid'
  const { errors } = await response.json()
  expect([response.status, errors.length, errors[0].name]).toEqual([400, 1, 'InputError'])
  return errors[0].message
}

async function statusOf(path: string, init?: RequestInit): Promise<number> {
  return (await shared.request(`/api/catalog${path}`, init)).status
}

async function readingFrom(server: FileServer, target: string, catalog: object = {}): Promise<TestPortal> {
  const locations = [{ type: 'url', target: `${server.url}${target}` }]
  return createTestPortal({
    config: { backend: { reading: { allow: [{ host: server.host }] } }, catalog: { locations, ...catalog } },
  })
}

/** A portal in which nothing declares the component `a` any more. */
async function withOrphan(): Promise<TestPortal> {
  const portal = await createTestPortal({
    files: { 'parts/a.yaml': component('a'), 'parts/b.yaml': component('b') },
    config: { catalog: { orphanStrategy: 'keep', locations: [{ type: 'file', target: './parts/*.yaml' }] } },
  })
  await until(async () => expect(await names(portal)).toEqual(['a', 'b']))
  await rm(join(portal.folder, 'parts/a.yaml'))
  await until(async () => expect(await names(portal, 'metadata.annotations.backstage.io/orphan')).toEqual(['a']))
  return portal
}

describe('trap', () => {
  it('1: a key of the root that is unknown, and relations or status in a file, are errors', async () => {
    for (const key of ['colour', 'relations', 'status']) {
      const entity = JSON.stringify({ ...JSON.parse(component('x')), [key]: [] })
      expect(await validate(entity)).toContain(key)
    }
  })

  it('2: a namespace in upper case is refused; a name keeps its case and is unique without it', async () => {
    expect(await validate(component('x', {}, { namespace: 'Ops' }))).toContain('"metadata.namespace" is not valid')
    expect((await find(shared, 'LEDGER')).metadata.name).toBe('Ledger')
    expect(await problems(shared)).toMatchObject([{ code: 'DESCRIPTOR_DUPLICATE', ref: 'component:default/ledger' }])
  })

  it('3: numbers in labels, and numbers and booleans in annotations, are refused', async () => {
    expect(await validate(component('x', {}, { labels: { tier: 1 } }))).toContain('tier')
    expect(await validate(component('x', {}, { annotations: { 'example.com/a': 1 } }))).toContain('example.com/a')
    expect(await validate(component('x', {}, { annotations: { 'example.com/a': true } }))).toContain('example.com/a')
  })

  it('4: an apiVersion 1.0 is refused, as a number and as a text', async () => {
    const entity = JSON.parse(component('x'))
    expect(await validate(JSON.stringify({ ...entity, apiVersion: 1.0 }))).toContain('apiVersion')
    expect(await validate(JSON.stringify({ ...entity, apiVersion: '1.0' }))).toContain('apiVersion')
  })

  it('5: tags may hold : + and #, but no dots', async () => {
    expect(await validate(component('x', {}, { tags: ['c++', 'c#', 'lang:go'] }))).toBe('valid')
    expect(await validate(component('x', {}, { tags: ['node.js'] }))).toContain('"tags.0" is not valid')
  })

  it('6: v1beta1 is accepted, kinds are written in exact case, and foreign versions are not recognized', async () => {
    const entity = JSON.parse(component('x'))
    expect(await validate(JSON.stringify({ ...entity, apiVersion: 'backstage.io/v1beta1' }))).toBe('valid')
    expect(await validate(JSON.stringify({ ...entity, kind: 'component' }))).toContain('recognized')
    expect(await validate(JSON.stringify({ ...entity, apiVersion: 'example.com/v1' }))).toContain('recognized')
  })

  it('7: a dependency without its kind fails the entity', async () => {
    expect(await validate(component('x', { dependsOn: ['db'] }))).toContain('dependsOn')
  })

  it('8: children of a group and memberOf of a user must be there', async () => {
    expect(await validate(document('Group', 'x', { type: 'team' }))).toContain('children')
    expect(await validate(document('User', 'x', { profile: {} }))).toContain('memberOf')
  })

  it('9: a definition that is an object fails', async () => {
    const spec = { type: 'openapi', lifecycle: 'production', owner: 'crew', definition: { openapi: '3.1.0' } }
    expect(await validate(document('API', 'x', spec))).toContain('/spec/definition')
  })

  it('10: empty documents are ignored, << is not merged; unlike in Backstage a bad document does not hold its location back', async () => {
    const portal = await createTestPortal({
      files: {
        'catalog-info.yaml': `---\n---\n${component('good')}\n---\n${component('bad', { owner: 1 })}\n---\n${component('merged').replace('"spec":{', '"spec":{"<<":{"colour":"red"},')}\n---\n`,
      },
    })
    await until(async () => expect(await names(portal)).toEqual(['good', 'merged']))
    expect((await find(portal, 'merged')).spec).toMatchObject({ '<<': { colour: 'red' } })
    expect((await find(portal, 'merged')).spec.colour).toBeUndefined()
    await portal.write('catalog-info.yaml', documents(component('other'), component('bad', { owner: 1 })))
    await until(async () => expect(await names(portal)).toEqual(['other']))
    expect(await problems(portal)).toMatchObject([{ ref: 'component:default/bad' }])
  })

  it('11: lists of refs and relations are sorted', async () => {
    const { spec, relations } = await find(shared, 'ledger')
    expect(spec.dependsOn).toEqual(['component:a', 'component:b', 'resource:z'])
    expect(relations.map((each: any) => `${each.type} ${each.targetRef}`)).toEqual([
      'dependsOn component:default/a',
      'dependsOn component:default/b',
      'dependsOn resource:default/z',
      'ownedBy group:default/crew',
    ])
  })

  it('12: an unknown query parameter is refused', async () => {
    for (const path of ['/entities', '/entities/by-query', '/entity-facets', '/locations', '/entities/by-uid/x']) {
      expect([path, await statusOf(`${path}?facet=kind&colour=red`)]).toEqual([path, 400])
    }
  })

  it('13: a filter for a path that holds an object finds nothing', async () => {
    expect(await shared.get('/api/catalog/entities?filter=spec')).toEqual([])
    expect(await shared.get('/api/catalog/entities?filter=spec.type&filter=metadata')).not.toEqual([])
  })

  it('14: keys of annotations have dots, in filters and in fields', async () => {
    const path = 'metadata.annotations.example.com/slug'
    expect(await shared.get(`/api/catalog/entities?filter=${path}=ACME/ledger&fields=${path}`)).toEqual([
      { metadata: { annotations: SLUG } },
    ])
  })

  it('15: refs are answered in their order with nulls, and must be canonical', async () => {
    const entityRefs = [
      'component:default/site',
      'component:default/none',
      'Component:default/site',
      'group:default/crew',
      'site',
    ]
    const response = await shared.post('/api/catalog/entities/by-refs', { entityRefs, fields: ['metadata.name'] })
    expect(await response.json()).toEqual({
      items: [{ metadata: { name: 'site' } }, null, null, { metadata: { name: 'crew' } }, null],
    })
  })

  it('16: by-query leaves out what lacks the field that it is sorted by', async () => {
    const { items, totalItems } = await shared.get('/api/catalog/entities/by-query?orderField=metadata.title')
    expect([items.map((each: any) => each.metadata.name), totalItems]).toEqual([['Ledger'], 1])
    expect((await shared.get('/api/catalog/entities?order=asc:metadata.title')).length).toBeGreaterThan(1)
  })

  it('17: a limit of 0 is for by-query only', async () => {
    const count = await shared.get('/api/catalog/entities/by-query?limit=0&filter=kind=component')
    expect(count).toEqual({ items: [], totalItems: 3, pageInfo: {} })
    expect(await statusOf('/entities?limit=0')).toBe(400)
    expect((await shared.post('/api/catalog/locations/by-query', { limit: 0 })).status).toBe(400)
  })

  it('18: the header link comes with pages of /entities only', async () => {
    const linkOf = async (path: string) => (await shared.request(`/api/catalog${path}`)).headers.get('link')
    const link = await linkOf('/entities?filter=kind=component&offset=1&limit=1')
    expect(link).toMatch(/^<\/api\/catalog\/entities\?filter=kind%3Dcomponent&limit=1&after=[^&]+>; rel="next"$/)
    const next = await shared.request(/<(.*)>/.exec(link ?? '')?.[1] ?? '')
    expect([(await next.json()).length, next.headers.get('link')]).toEqual([1, null])
    expect(await linkOf('/entities?filter=kind=component')).toBeNull()
    expect(await linkOf('/entities/by-query?limit=1')).toBeNull()
  })

  it('19: a dry run answers 201, and it alone says whether the location exists', async () => {
    const server = await serveFiles({ '/a.yaml': component('a') })
    const portal = await readingFrom(server, '/none.yaml')
    const location = { type: 'url', target: `${server.url}/a.yaml` }
    const dry = await portal.post('/api/catalog/locations?dryRun=yes', location)
    expect([dry.status, (await dry.json()).exists]).toEqual([201, false])
    const real = await portal.post('/api/catalog/locations', location)
    expect([real.status, Object.keys(await real.json()).toSorted()]).toEqual([201, ['entities', 'location']])
    expect((await (await portal.post('/api/catalog/locations?dryRun=on', location)).json()).exists).toBe(true)
  })

  it('20: the entity of a location is named generated- and the sha1 of its type and target', async () => {
    const name = `generated-${hash('sha1', `file:${shared.folder}/catalog-info.yaml`)}`
    expect((await shared.get(`/api/catalog/entities/by-name/location/default/${name}`)).spec.type).toBe('file')
  })

  it('21: deleting by uid answers 204 for unknown uids, too, and works in a catalog that is read-only', async () => {
    for (const uid of ['00000000-0000-4000-8000-000000000000', 'nonsense']) {
      expect(await statusOf(`/entities/by-uid/${uid}`, { method: 'DELETE' })).toBe(204)
    }
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': component('a') },
      config: { catalog: { readonly: true, locations: [{ type: 'file', target: './catalog-info.yaml' }] } },
    })
    const { uid } = (await until(() => find(portal, 'a'))).metadata
    expect((await portal.request(`/api/catalog/entities/by-uid/${uid}`, { method: 'DELETE' })).status).toBe(204)
    await until(async () => expect((await find(portal, 'a')).metadata.uid).not.toBe(uid))
  })

  it('22: an orphan cannot be refreshed', async () => {
    const portal = await withOrphan()
    const refused = await portal.post('/api/catalog/refresh', { entityRef: 'component:default/a' })
    expect([refused.status, (await refused.json()).error.name]).toEqual([404, 'NotFoundError'])
    expect((await portal.post('/api/catalog/refresh', { entityRef: 'component:default/b' })).status).toBe(200)
  })

  it('23: $text, $json and $yaml stay in the repository of the entity, $openapi and $asyncapi need not', async () => {
    const far = '../../../other/blob/main/x.yaml'
    const api = (name: string, key: string) =>
      document('API', name.slice(1), { type: 'openapi', lifecycle: 'production', owner: 'crew', definition: { [key]: far } })
    const keys = ['$text', '$json', '$yaml', '$openapi', '$asyncapi']
    const server = await serveFiles({
      '/acme/shop/blob/main/catalog-info.yaml': documents(...keys.map(key => api(key, key))),
      '/acme/other/blob/main/x.yaml': 'openapi: 3.1.0\n',
    })
    const portal = await readingFrom(server, '/acme/shop/blob/main/catalog-info.yaml')
    await until(async () => expect(await names(portal, 'kind=api')).toEqual(['asyncapi', 'openapi']))
    const found = await problems(portal)
    expect(found.map(each => [each.ref, each.message]).toSorted()).toEqual(
      ['json', 'text', 'yaml'].map(name => [
        `api:default/${name}`,
        'Placeholder may only reference files from the same repository as the entity',
      ]),
    )
  })

  it('24: rules look at the origin; unlike in Backstage a forbidden child does not fail its parent', async () => {
    const server = await serveFiles({
      '/all.yaml': document('Location', 'all', { targets: ['./org.yaml', './a.yaml'] }),
      '/org.yaml': documents(group('crew'), document('System', 'forbidden', { owner: 'crew' })),
      '/a.yaml': component('a'),
    })
    const origin = `${server.url}/all.yaml`
    const rules = [
      { allow: ['Location', 'Component'] },
      { allow: ['Group'], locations: [{ type: 'url', exact: origin }] },
      { allow: ['System'], locations: [{ type: 'url', exact: `${server.url}/org.yaml` }] },
    ]
    const portal = await readingFrom(server, '/all.yaml', { rules })
    await until(async () =>
      expect(await problems(portal)).toMatchObject([{ code: 'CATALOG_RULE', ref: 'system:default/forbidden' }]),
    )
    await until(async () =>
      expect(await names(portal, 'kind=group&filter=kind=system&filter=kind=component')).toEqual(['a', 'crew']),
    )
  })

  it('25: keys that differ in case only keep an entity out of the catalog', async () => {
    expect(await validate(component('x', { Colour: 'red', colour: 'blue' }))).toBe(
      "Entity has duplicate keys that vary only in casing, 'spec.colour'",
    )
  })

  it('26: validation wants a location of type url and answers with a list of errors', async () => {
    expect(await validate(component('x'))).toBe('valid')
    expect(await validate(component('x'), 'file:/x.yaml')).toContain('url')
    const empty = await shared.post('/api/catalog/validate-entity', {})
    expect([empty.status, Object.keys(await empty.json())]).toEqual([400, ['errors']])
  })

  it('27: the list of locations wraps each in data; a single one and by-query do not', async () => {
    const server = await serveFiles()
    const portal = await readingFrom(server, '/none.yaml')
    const { location } = await (
      await portal.post('/api/catalog/locations', { type: 'url', target: `${server.url}/a.yaml` })
    ).json()
    expect(await portal.get('/api/catalog/locations')).toEqual([{ data: location }])
    expect(await portal.get(`/api/catalog/locations/${location.id}`)).toEqual(location)
    expect((await (await portal.post('/api/catalog/locations/by-query', {})).json()).items).toEqual([location])
  })

  it('28: values of facets keep their case', async () => {
    const { facets } = await shared.get('/api/catalog/entity-facets?facet=spec.type&filter=kind=component')
    expect(facets['spec.type']).toEqual(['Website', 'service', 'website'].map(value => ({ value, count: 1 })))
  })

  it('29: the annotation of an orphan is the text "true"', async () => {
    const portal = await withOrphan()
    expect((await find(portal, 'a')).metadata.annotations['backstage.io/orphan']).toBe('true')
    expect(await names(portal, 'metadata.annotations.backstage.io/orphan=true')).toEqual(['a'])
  })

  it('30: the status of what is wrong has the type backstage.io/catalog-processing', async () => {
    const { status } = await find(shared, 'ledger')
    expect(status.items).toMatchObject([
      { type: 'backstage.io/catalog-processing', level: 'warning', error: { name: 'InputError' } },
    ])
  })
})
