import { expect, test } from 'vitest'
import { changeSearch, getCatalogHref, getFilterParams, readCatalogSearch } from './catalogSearch.ts'

test('the catalog begins with components, a search with all kinds', () => {
  expect(readCatalogSearch('').kind).toBe('component')
  expect(readCatalogSearch('?q=kafka').kind).toBe('all')
})

test('an address says what the page shows, and reads back as the same', () => {
  const href =
    '/catalog?kind=api&q=owner:group:default/a&type=openapi&type=grpc&tag=c%2B%2B&sort=-type&limit=50&cursor=abc&page=3'
  expect(getCatalogHref(readCatalogSearch(href.slice(href.indexOf('?'))))).toBe(href)
})

test('what is as usual is left out of the address', () => {
  expect(getCatalogHref(readCatalogSearch('?kind=component&sort=name&limit=20&page=4'))).toBe('/catalog')
})

test("an address of Backstage's catalog page is understood", () => {
  const search = readCatalogSearch('?filters[kind]=API&filters[tags]=java&filters[tags]=kafka&filters[owners]=group:default/a')
  expect(search).toMatchObject({ kind: 'api', tag: ['java', 'kafka'], owner: ['group:default/a'] })
})

test('a change of the filters begins at the first row again', () => {
  const search = readCatalogSearch('?cursor=abc&page=2')
  expect(changeSearch(search, { tag: ['java'] })).toMatchObject({ cursor: '', page: 1, tag: ['java'] })
})

test('a filter can be left out to count its other values', () => {
  const search = readCatalogSearch('?kind=component&type=service&tag=java&q=pay')
  expect(getFilterParams(search).toString()).toBe('filter=kind%3Dcomponent%2Cspec.type%3Dservice%2Cmetadata.tags%3Djava&q=pay')
  expect(getFilterParams(search, 'type').toString()).toBe('filter=kind%3Dcomponent%2Cmetadata.tags%3Djava&q=pay')
})
