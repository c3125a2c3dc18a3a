import { kernelService } from '@callboard/kernel/services'
import { definePlugin, respond, z, type Actor } from '@callboard/sdk'
import { catalogService } from '../catalog/catalogService.ts'
import { portalErrors } from '../errors.ts'
import { portalInfo } from './portalInfo.ts'
import { addWeb } from './serveWeb.ts'
import { drawView } from './drawView.ts'

/** The browser's frame: its pages, and the cards and pages that plugins add as data. */
export const shellPlugin = definePlugin({
  name: 'shell',
  async setup(portal) {
    const kernel = portal.use(kernelService)
    const catalog = portal.use(catalogService)
    const { contributions } = kernel

    portal.get('/info', { summary: 'Name and version of the portal, and who you are' }, ({ actor }) =>
      portalInfo(kernel.config, actor),
    )

    const cardsOf = async (entityRef: string, actor: Actor) => {
      const found = await catalog.findEntity(
        entityRef,
        actor,
        contributions.cards.map(card => card.for),
      )
      return found && { entity: found.entity, cards: contributions.cards.filter((_, index) => found.matches[index]) }
    }
    const byEntity = z.strictObject({ entityRef: z.string() })
    portal.get('/cards', { summary: 'The cards of an entity', query: byEntity }, async ({ query, actor }) => {
      const found = await cardsOf(query.entityRef, actor)
      return { items: (found?.cards ?? []).map(({ id, title, plugin }) => ({ id, title, plugin })) }
    })

    const oneCard = z.strictObject({ id: z.string(), entityRef: z.string() })
    portal.get('/cards/view', { summary: 'What a card shows', query: oneCard }, async ({ query, actor, signal }) => {
      const found = await cardsOf(query.entityRef, actor)
      const card = found?.cards.find(each => each.id === query.id)
      if (!found || !card) throw portalErrors.CARD_NOT_FOUND({ id: query.id, ref: query.entityRef })
      return { view: await drawView(card.plugin, () => card.view(found.entity, { actor, signal })) }
    })

    const tabsOf = async (entityRef: string, actor: Actor) => {
      const found = await catalog.findEntity(
        entityRef,
        actor,
        contributions.tabs.map(tab => tab.for),
      )
      return found && { entity: found.entity, tabs: contributions.tabs.filter((_, index) => found.matches[index]) }
    }
    portal.get('/tabs', { summary: 'The tabs that plugins add to an entity', query: byEntity }, async ({ query, actor }) => {
      const found = await tabsOf(query.entityRef, actor)
      return { items: (found?.tabs ?? []).map(({ id, title, plugin }) => ({ id, title, plugin })) }
    })

    portal.get('/tabs/view', { summary: 'What a tab shows', query: oneCard }, async ({ query, actor, signal }) => {
      const found = await tabsOf(query.entityRef, actor)
      const tab = found?.tabs.find(each => each.id === query.id)
      if (!found || !tab) throw portalErrors.TAB_NOT_FOUND({ id: query.id, ref: query.entityRef })
      return { view: await drawView(tab.plugin, () => tab.view(found.entity, { actor, signal })) }
    })

    const pages = () => contributions.pages.map(page => ({ ...page, path: `/plugins/${page.plugin}${page.path ?? ''}` }))
    portal.get('/pages', { summary: 'The pages of plugins' }, () => ({
      items: pages().map(({ id, title, path, plugin }) => ({ id, title, path, plugin })),
    }))

    portal.get(
      '/pages/view',
      { summary: 'What a page shows', query: z.strictObject({ id: z.string() }) },
      async ({ query, actor, signal }) => {
        const page = pages().find(each => each.id === query.id)
        if (!page) throw portalErrors.PAGE_NOT_FOUND({ path: query.id })
        return { view: await drawView(page.plugin, () => page.view({ actor, signal })) }
      },
    )

    portal.get('/', { summary: 'Where the pages are' }, () => respond(undefined, { status: 302, headers: { location: '/' } }))
    await addWeb(kernel)
  },
})
