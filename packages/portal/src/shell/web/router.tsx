import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { entityQuery } from '../../catalog/web/entityQueries.ts'
import { facetsQuery } from '../../catalog/web/catalogFacets.ts'
import { rowsQuery } from '../../catalog/web/catalogRows.ts'
import { readCatalogSearch } from '../../catalog/web/catalogSearch.ts'
import { AppShell } from './AppShell.tsx'
import { NotFoundPage } from './NotFoundPage.tsx'
import { PageError } from './PageError.tsx'
import { queryClient } from './queryClient.ts'
import { parseSearch, stringifySearch } from './searchText.ts'

const root = createRootRoute({ component: AppShell })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ href: '/catalog', replace: true })
  },
})

const catalog = createRoute({
  getParentRoute: () => root,
  path: '/catalog',
  // why: loaders begin to fetch while the page's code is still on its way, or when a pointer rests on a link; nobody waits for them.
  loader: ({ location }) => {
    const search = readCatalogSearch(location.searchStr)
    void queryClient.prefetchQuery(rowsQuery(search))
    void queryClient.prefetchQuery(facetsQuery(search))
  },
  component: lazyRouteComponent(() => import('../../catalog/web/CatalogPage.tsx'), 'CatalogPage'),
})

const entity = createRoute({
  getParentRoute: () => root,
  path: '/catalog/$namespace/$kind/$name/{-$tab}',
  loader: ({ params }) => {
    void queryClient.prefetchQuery(entityQuery(params))
  },
  component: lazyRouteComponent(() => import('../../catalog/web/EntityPage.tsx'), 'EntityPage'),
})

const problems = createRoute({
  getParentRoute: () => root,
  path: '/catalog-problems',
  component: lazyRouteComponent(() => import('../../catalog/web/ProblemsPage.tsx'), 'ProblemsPage'),
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./SettingsPage.tsx'), 'SettingsPage'),
})

const plugins = createRoute({
  getParentRoute: () => root,
  path: '/plugins/$',
  component: lazyRouteComponent(() => import('./PluginPage.tsx'), 'PluginPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([home, catalog, entity, problems, settings, plugins]),
  parseSearch,
  stringifySearch,
  scrollRestoration: true,
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: PageError,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
