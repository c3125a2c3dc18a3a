import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder, createLastingDatabase, createTestPortal, until } from '../../testkit/createTestPortal.ts'
import { component, document, documents } from '../../testkit/descriptors.ts'
import { find, names, problems, versions } from '../../testkit/readCatalog.ts'

const PATTERN = {
  catalog: {
    locations: [
      { type: 'file', target: './now/*.yaml' },
      { type: 'file', target: './late/*.yaml' },
    ],
  },
}

describe('two files that claim one ref', () => {
  it('leave it to the first, tell the conflict, and the second takes over when the first lets go', async () => {
    const portal = await createTestPortal({
      config: PATTERN,
      files: {
        'now/a.yaml': component('ledger', { type: 'from-a' }),
        'now/other.yaml': component('other'),
        'late/z.yaml': component('z'),
      },
    })
    await until(async () => expect(await names(portal)).toEqual(['ledger', 'other', 'z']))
    await portal.write('late/b.yaml', documents(component('Ledger', { type: 'from-b' }), component('beside')))
    await until(async () => expect(await names(portal)).toEqual(['beside', 'ledger', 'other', 'z']))
    const [problem, ...others] = await problems(portal)
    expect(others.map(each => each.code)).toEqual([])
    expect(problem).toMatchObject({
      code: 'CATALOG_CONFLICT',
      level: 'warning',
      ref: 'component:default/ledger',
      location: `file:${portal.folder}/late/b.yaml`,
      message: `component:default/ledger is already declared by file:${portal.folder}/now/a.yaml, which keeps it.`,
      hint: 'Rename one of the two, or remove the other file.',
    })
    expect((await find(portal, 'ledger')).spec.type).toBe('from-a')

    await portal.write('now/a.yaml', component('ledger', { type: 'still-a' }))
    await until(async () => expect((await find(portal, 'ledger')).spec.type).toBe('still-a'))
    expect(await problems(portal)).toMatchObject([{ code: 'CATALOG_CONFLICT' }])

    await rm(join(portal.folder, 'now/a.yaml'))
    await until(async () => expect((await find(portal, 'Ledger')).spec.type).toBe('from-b'))
    await until(async () => expect(await problems(portal)).toEqual([]))
    expect(await names(portal)).toEqual(['beside', 'Ledger', 'other', 'z'])
  })

  it('move it from one to the other without losing its past when both change at once', async () => {
    const portal = await createTestPortal({
      config: PATTERN,
      files: {
        'now/a.yaml': documents(component('ledger'), component('stays')),
        'now/b.yaml': component('b'),
        'late/c.yaml': component('c'),
      },
    })
    await until(async () => expect(await names(portal)).toEqual(['b', 'c', 'ledger', 'stays']))
    await portal.write('now/b.yaml', documents(component('b'), component('ledger', { type: 'moved' })))
    await portal.write('now/a.yaml', component('stays'))
    await until(async () => expect((await find(portal, 'ledger')).spec.type).toBe('moved'))
    await until(async () => expect(await problems(portal)).toEqual([]))
    expect(await names(portal)).toEqual(['b', 'c', 'ledger', 'stays'])
    expect((await versions(portal, 'ledger'))[0]).toMatchObject({ until: null, location: `file:${portal.folder}/now/b.yaml` })
  })
})

describe('catalog.rules', () => {
  it('allow components, APIs and locations when there are none', async () => {
    const api = document('API', 'books', { type: 'openapi', lifecycle: 'production', owner: 'crew', definition: 'x' })
    const portal = await createTestPortal({
      config: { catalog: { locations: [{ type: 'file', target: './catalog-info.yaml' }] } },
      files: { 'catalog-info.yaml': documents(component('a'), document('Group', 'crew', { type: 'team', children: [] }), api) },
    })
    await until(async () =>
      expect(await names(portal, 'kind=component&filter=kind=api&filter=kind=group')).toEqual(['a', 'books']),
    )
    expect(await problems(portal)).toEqual([
      {
        code: 'CATALOG_RULE',
        level: 'error',
        message: 'Entity group:default/crew is not of an allowed kind for that location.',
        hint: 'Allow the kind Group in catalog.rules of app-config.yaml.',
        ref: 'group:default/crew',
        location: `file:${portal.folder}/catalog-info.yaml`,
        line: 4,
        column: expect.any(Number),
        at: expect.any(String),
      },
    ])
  })

  it('of one location add to the general ones for all that it leads to, and for nothing else', async () => {
    const groups = (name: string) => document('Group', name, { type: 'team', children: [] })
    const portal = await createTestPortal({
      config: {
        catalog: {
          rules: [
            { allow: ['Location', { kind: 'component', 'spec.type': 'service' }] },
            { allow: ['Resource'], locations: [{ type: 'file', pattern: '**/res/*.yaml' }] },
          ],
          locations: [
            { type: 'file', target: './org.yaml', rules: [{ allow: ['Group'] }] },
            { type: 'file', target: './apps.yaml' },
            { type: 'file', target: './res/all.yaml' },
          ],
        },
      },
      files: {
        'org.yaml': documents(document('Location', 'more', { target: './more.yaml' }), groups('crew')),
        'more.yaml': groups('deeper'),
        'apps.yaml': documents(component('service'), component('site', { type: 'website' }), groups('forbidden')),
        'res/all.yaml': documents(document('Resource', 'db', { type: 'database', owner: 'crew' }), groups('too')),
      },
    })
    await until(async () =>
      expect(await names(portal, 'kind=component&filter=kind=group&filter=kind=resource')).toEqual([
        'crew',
        'db',
        'deeper',
        'service',
      ]),
    )
    expect((await problems(portal)).map(each => [each.code, each.ref]).toSorted()).toEqual([
      ['CATALOG_RULE', 'component:default/site'],
      ['CATALOG_RULE', 'group:default/forbidden'],
      ['CATALOG_RULE', 'group:default/too'],
    ])
  })

  it('that forbid what was allowed when the portal last ran take it out at the next start', async () => {
    const [folder, database] = [await createFolder(), await createLastingDatabase()]
    const locations = [{ type: 'file', target: './catalog-info.yaml' }]
    const files = { 'catalog-info.yaml': documents(component('a'), document('Group', 'crew', { type: 'team', children: [] })) }
    const first = await createTestPortal({
      folder,
      database,
      files,
      config: { catalog: { locations, rules: [{ allow: ['Component', 'Group'] }] } },
    })
    await until(async () => expect(await names(first, 'kind=component&filter=kind=group')).toEqual(['a', 'crew']))
    await first.close()
    const second = await createTestPortal({ folder, database, files, config: { catalog: { locations } } })
    await until(async () => expect(await names(second, 'kind=component&filter=kind=group')).toEqual(['a']))
    expect(await problems(second)).toMatchObject([{ code: 'CATALOG_RULE', ref: 'group:default/crew' }])
  })
})
