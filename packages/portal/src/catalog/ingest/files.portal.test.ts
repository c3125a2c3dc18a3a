import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until } from '../../testkit/createTestPortal.ts'
import { component, document, documents } from '../../testkit/descriptors.ts'
import { find, names, problems, versions } from '../../testkit/readCatalog.ts'

/** An edit is taken in within a second by watching; the rest is for a busy machine. */
const SOON_MS = 3_000

const BROKEN = `apiVersion: backstage.io/v1alpha1
kind: Component
metadata:
  name: second
    title: too far in
spec: { type: service, lifecycle: production, owner: crew }
`

function glob(target: string, more: object = {}) {
  const rules = [{ allow: ['Component', 'API', 'Location', 'Group', 'Resource'] }]
  return { catalog: { rules, locations: [{ type: 'file', target }], ...more } }
}

describe('a broken document', () => {
  it('keeps its neighbours, and its problem tells file, line and column', async () => {
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': [component('first'), BROKEN, component('third')].join('\n---\n') },
    })
    await until(async () => expect(await names(portal)).toEqual(['first', 'third']))
    const [problem, ...others] = await problems(portal)
    expect(others).toEqual([])
    expect(problem).toEqual({
      code: 'DESCRIPTOR_YAML',
      level: 'error',
      message: expect.stringMatching(/^YAML error: /),
      hint: 'Correct the YAML there; the other documents of the file are used all the same.',
      ref: null,
      location: `file:${portal.folder}/catalog-info.yaml`,
      line: 6,
      column: expect.any(Number),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    })
  })

  it('that was good before keeps its last good entity and shows its problem as a status, until it is good again', async () => {
    const good = component('ledger', {}, { title: 'Good' })
    const portal = await createTestPortal({ files: { 'catalog-info.yaml': documents(good, component('other')) } })
    await until(async () => expect(await names(portal)).toEqual(['ledger', 'other']))
    const before = await find(portal, 'ledger')
    expect(before.status).toBeUndefined()

    const bad =
      '---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: { name: ledger, title: Bad }\nspec:\n  type: service\n  lifecycle: production\n'
    await portal.write('catalog-info.yaml', bad + documents(component('other', { type: 'website' })))
    const broken = await until(async () => {
      const found = await find(portal, 'ledger')
      expect(found.status).toBeDefined()
      return found
    }, SOON_MS)
    const [problem, ...others] = await problems(portal)
    expect(others).toEqual([])
    expect(problem).toMatchObject({ code: 'DESCRIPTOR_KIND', ref: 'component:default/ledger', line: 6, column: 3 })
    const { message } = problem
    expect(broken).toEqual({
      ...before,
      status: {
        items: [
          {
            type: 'backstage.io/catalog-processing',
            level: 'error',
            message: `InputError: ${message}`,
            error: { name: 'InputError', message, code: 'DESCRIPTOR_KIND' },
          },
        ],
      },
    })
    expect((await find(portal, 'other')).spec.type).toBe('website')
    expect(await names(portal, 'kind=component&q=is:broken')).toEqual(['ledger'])

    await portal.write('catalog-info.yaml', documents(good, component('other')))
    await until(async () => expect(await problems(portal)).toEqual([]), SOON_MS)
    expect(await find(portal, 'ledger')).toEqual(before)
  })

  it('that never was good has a problem with its ref and no entity', async () => {
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': documents(component('ok'), document('Component', 'bad name', {})) },
    })
    const [problem] = await until(async () => {
      const items = await problems(portal)
      expect(items).toHaveLength(1)
      return items
    })
    expect(problem).toMatchObject({
      code: 'DESCRIPTOR_FIELD',
      ref: 'component:default/bad name',
      hint: 'Correct the field metadata.name.',
      line: 4,
    })
    expect(await names(portal)).toEqual(['ok'])
  })

  it('twice in one file is used once and told as a problem', async () => {
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': documents(component('twin', { type: 'a' }), component('Twin', { type: 'b' })) },
    })
    await until(async () =>
      expect(await problems(portal)).toMatchObject([
        { code: 'DESCRIPTOR_DUPLICATE', ref: 'component:default/twin', level: 'warning', line: 4 },
      ]),
    )
    expect((await find(portal, 'twin')).spec.type).toBe('a')
  })
})

describe('watching files', () => {
  it('takes in an edit, a new file that a pattern finds, and the end of one', async () => {
    const portal = await createTestPortal({
      config: glob('./services/**/*.yaml'),
      files: { 'services/a.yaml': component('a'), 'services/b.yaml': component('b') },
    })
    await until(async () => expect(await names(portal)).toEqual(['a', 'b']))
    await portal.write('services/a.yaml', component('a', { type: 'library' }))
    await until(async () => expect((await find(portal, 'a')).spec.type).toBe('library'), SOON_MS)
    await portal.write('services/deep/down/c.yaml', component('c'))
    await until(async () => expect(await names(portal)).toEqual(['a', 'b', 'c']), SOON_MS)
    await rm(join(portal.folder, 'services/b.yaml'))
    await until(async () => expect(await names(portal)).toEqual(['a', 'c']), SOON_MS)
    await portal.write('services/a.yaml', documents(component('a2')))
    await until(async () => expect(await names(portal)).toEqual(['a2', 'c']), SOON_MS)
    expect(await problems(portal)).toEqual([])
    const gone = await portal.request('/api/catalog/entities/by-name/component/default/b')
    expect(gone.status).toBe(404)
  })

  it('keeps what lost its file as an orphan when orphanStrategy is keep', async () => {
    const portal = await createTestPortal({
      config: glob('./services/*.yaml', { orphanStrategy: 'keep' }),
      files: { 'services/a.yaml': component('a'), 'services/b.yaml': component('b') },
    })
    await until(async () => expect(await names(portal)).toEqual(['a', 'b']))
    const before = await find(portal, 'b')
    await rm(join(portal.folder, 'services/b.yaml'))
    await until(async () => expect(await names(portal, 'metadata.annotations.backstage.io/orphan=true')).toEqual(['b']), SOON_MS)
    const orphan = await find(portal, 'b')
    expect(orphan.metadata.annotations).toEqual({ ...before.metadata.annotations, 'backstage.io/orphan': 'true' })
    expect(orphan.spec).toEqual(before.spec)
    expect(await names(portal, 'kind=component&q=is:orphan')).toEqual(['b'])
    expect(await problems(portal)).toMatchObject([{ code: 'CATALOG_ORPHAN', level: 'warning', ref: 'component:default/b' }])
    expect((await portal.post('/api/catalog/refresh', { entityRef: 'component:default/b' })).status).toBe(404)

    await portal.write('services/b.yaml', component('b'))
    await until(async () => expect(await problems(portal)).toEqual([]), SOON_MS)
    expect((await find(portal, 'b')).metadata).toEqual(before.metadata)
  })

  it('keeps the entities of a file that is named and disappears, with a problem, until it is back', async () => {
    const portal = await createTestPortal({ files: { 'catalog-info.yaml': component('a') } })
    await until(async () => expect(await names(portal)).toEqual(['a']))
    await rm(join(portal.folder, 'catalog-info.yaml'))
    const location = `file:${portal.folder}/catalog-info.yaml`
    await until(
      async () => expect(await problems(portal)).toMatchObject([{ code: 'FILE_NOT_FOUND', location, ref: null }]),
      SOON_MS,
    )
    expect(await names(portal)).toEqual(['a'])
    await portal.write('catalog-info.yaml', component('a', { type: 'library' }))
    await until(async () => expect(await problems(portal)).toEqual([]), SOON_MS)
    expect((await find(portal, 'a')).spec.type).toBe('library')
  })

  it('takes in no file that is just being written', async () => {
    const portal = await createTestPortal({ files: { 'catalog-info.yaml': component('a') } })
    await until(async () => expect(await names(portal)).toEqual(['a']))
    const file = await open(join(portal.folder, 'catalog-info.yaml'), 'w')
    const refreshed = portal.post('/api/catalog/refresh', { entityRef: 'component:default/a' })
    await new Promise(done => setTimeout(done, 25))
    await file.write(component('a', { type: 'library' }))
    await file.close()
    expect((await refreshed).status).toBe(200)
    await until(async () => expect((await versions(portal, 'a')).map(each => each.cause)).toEqual(['changed', 'added']), SOON_MS)
  })

  it('tells of a pattern that finds nothing, and takes the first file that it finds', async () => {
    const portal = await createTestPortal({ config: glob('./services/*.yaml') })
    await until(async () => expect(await problems(portal)).toMatchObject([{ code: 'CATALOG_NO_MATCH' }]))
    await portal.write('services/a.yaml', component('a'))
    await until(async () => expect(await names(portal)).toEqual(['a']), SOON_MS)
    expect(await problems(portal)).toEqual([])
  })
})

describe('a Location', () => {
  it('leads to all of its targets, relative to its file, and one that is missing harms no other', async () => {
    const location = document('Location', 'all', {
      target: './x/one.yaml',
      targets: ['./x/two.yaml', './gone.yaml', './y/*.yaml'],
    })
    const optional = document('Location', 'maybe', { targets: ['./nothing.yaml', './no/*.yaml'], presence: 'optional' })
    const portal = await createTestPortal({
      files: {
        'catalog-info.yaml': documents(location, optional),
        'x/one.yaml': component('one'),
        'x/two.yaml': component('two'),
        'y/three.yaml': component('three'),
      },
    })
    await until(async () => expect(await names(portal)).toEqual(['one', 'three', 'two']))
    const found = await problems(portal)
    expect(found).toMatchObject([{ code: 'FILE_NOT_FOUND', location: `file:${portal.folder}/gone.yaml` }])
    const origin = `file:${portal.folder}/catalog-info.yaml`
    expect((await find(portal, 'one')).metadata.annotations).toEqual({
      'backstage.io/managed-by-location': `file:${portal.folder}/x/one.yaml`,
      'backstage.io/managed-by-origin-location': origin,
    })
    const ancestry = await portal.get('/api/catalog/entities/by-name/component/default/one/ancestry')
    const generated = ancestry.items[2]?.entity.metadata.name
    expect({
      ...ancestry,
      items: ancestry.items.map(({ entity, parentEntityRefs }: any) => [entity.metadata.name, parentEntityRefs]),
    }).toEqual({
      rootEntityRef: 'component:default/one',
      items: [
        ['one', ['location:default/all']],
        ['all', [`location:default/${generated}`]],
        [generated, []],
      ],
    })
    await portal.write('catalog-info.yaml', documents(document('Location', 'all', { targets: ['./x/two.yaml'] })))
    await until(async () => expect(await names(portal)).toEqual(['two']), SOON_MS)
    expect(await problems(portal)).toEqual([])
  })
})

describe('a placeholder', () => {
  const api = document('API', 'books', {
    type: 'openapi',
    lifecycle: 'production',
    owner: 'crew',
    definition: { $openapi: './books.yaml' },
  })
  const withFiles = component('ledger', {
    text: { $text: './notes/a.txt' },
    list: [{ $json: 'data.json' }],
    nested: { $yaml: './data.yaml' },
    other: { $unknown: 'x' },
  })
  const files = {
    'sub/catalog-info.yaml': documents(api, withFiles),
    'sub/books.yaml': 'openapi: 3.1.0\n',
    'sub/notes/a.txt': 'hello\n',
    'sub/data.json': '{"a":[1]}',
    'sub/data.yaml': 'b: { c: true }\n',
  }

  it('is filled from beside the document, and again when the file it names is edited', async () => {
    const portal = await createTestPortal({ config: glob('./sub/catalog-info.yaml'), files })
    await until(async () => expect(await names(portal, 'kind=component&filter=kind=api')).toEqual(['books', 'ledger']))
    expect((await find(portal, 'ledger')).spec).toEqual({
      type: 'service',
      lifecycle: 'production',
      owner: 'crew',
      text: 'hello\n',
      list: [{ a: [1] }],
      nested: { b: { c: true } },
      other: { $unknown: 'x' },
    })
    const books = () => portal.get('/api/catalog/entities/by-name/api/default/books')
    expect((await books()).spec.definition).toBe('openapi: 3.1.0\n')
    await portal.write('sub/books.yaml', 'openapi: 3.2.0\n')
    await until(async () => expect((await books()).spec.definition).toBe('openapi: 3.2.0\n'), SOON_MS)
  })

  it('that cannot be filled fails its own document at its place, until the file is there', async () => {
    const { 'sub/notes/a.txt': left, ...others } = files
    const portal = await createTestPortal({ config: glob('./sub/catalog-info.yaml'), files: others })
    await until(async () => expect(await names(portal, 'kind=component&filter=kind=api')).toEqual(['books']))
    expect(await problems(portal)).toMatchObject([
      {
        code: 'DESCRIPTOR_PLACEHOLDER',
        ref: 'component:default/ledger',
        line: 4,
        location: `file:${portal.folder}/sub/catalog-info.yaml`,
      },
    ])
    await portal.write('sub/notes/a.txt', left)
    await until(async () => expect(await problems(portal)).toEqual([]), SOON_MS)
    expect((await find(portal, 'ledger')).spec.text).toBe('hello\n')
  })
})
