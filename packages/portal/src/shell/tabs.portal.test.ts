import { definePlugin, text } from '@callboard/sdk'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until } from '../testkit/createTestPortal.ts'
import { component, documents } from '../testkit/descriptors.ts'
import { names } from '../testkit/readCatalog.ts'

describe('a tab of a plugin', () => {
  it('is listed and drawn for the entities that its query finds, and for no others', async () => {
    const plugin = definePlugin({
      name: 'runs',
      setup(portal) {
        portal.tab({ title: 'Runs', for: 'type:website', view: entity => text(`Runs of ${entity.metadata.name}`) })
        portal.policy(({ permission }) => (permission.name === 'catalog.entity.read' ? { when: '-name:hidden' } : 'allow'))
      },
    })
    const sites = ['site', 'hidden'].map(name => component(name, { type: 'website' }))
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': documents(component('service'), ...sites) },
      plugins: [plugin],
    })
    await until(async () => expect(await names(portal)).toEqual(['service', 'site']))
    const tabs = async (name: string) => (await portal.get(`/api/shell/tabs?entityRef=component:default/${name}`)).items
    expect(await tabs('site')).toEqual([{ id: 'runs-1', title: 'Runs', plugin: 'runs' }])
    expect(await tabs('service')).toEqual([])
    expect(await tabs('hidden')).toEqual([])
    const view = (name: string) => portal.request(`/api/shell/tabs/view?id=runs-1&entityRef=component:default/${name}`)
    expect(await (await view('site')).json()).toEqual({ view: { view: 'text', text: 'Runs of site' } })
    expect((await view('service')).status).toBe(404)
    expect((await view('hidden')).status).toBe(404)
  })

  it('with a query that cannot be read stops the start', async () => {
    const plugin = definePlugin({
      name: 'bad',
      setup: portal => portal.tab({ title: 'Bad', for: 'type:(', view: () => text('') }),
    })
    await expect(createTestPortal({ plugins: [plugin] })).rejects.toMatchObject({ code: 'PLUGIN_SETUP_FAILED' })
  })
})
