import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { until } from '../packages/portal/src/testkit/until.ts'
import { findChromium, findViolations, setStage, type Stage } from './browser.ts'

const chromium = findChromium()
if (!chromium) console.warn('SKIPPED: all browser tests, because there is no Chromium on this machine.')

describe.skipIf(!chromium)('the pages of the example company', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await setStage(chromium ?? '')
    const answer = async (path: string) => (await fetch(`${stage.portal.url}/api/catalog/${path}`)).text()
    await until(
      async () => expect(await answer('entities/by-query?limit=0&filter=kind=component')).toContain('"totalItems":22'),
      20_000,
    )
    await until(async () => expect(await answer('problems')).toContain('DESCRIPTOR_YAML'), 20_000)
  })
  afterAll(() => stage.close())

  it('/ leads to the catalog, which lists components by name', async () => {
    const page = await stage.open('/')
    await page.getByRole('link', { name: 'Barcode Bridge' }).first().waitFor()
    expect(new URL(page.url()).pathname).toBe('/catalog')
    await expect.poll(() => page.title()).toBe('Components · Acme Portal')
    await page.close()
  })

  it('keeps what is asked for in the address, and the back button undoes it', async () => {
    const page = await stage.open('/catalog')
    await page.getByRole('link', { name: 'Barcode Bridge' }).first().waitFor()
    await page.getByText('APIs', { exact: false }).first().click()
    await page.getByRole('link', { name: 'Parcel Tracking API' }).first().waitFor()
    const address = page.url()
    const again = await stage.open(address.slice(stage.portal.url.length))
    await again.getByRole('link', { name: 'Parcel Tracking API' }).first().waitFor()
    await again.close()
    await page.goBack()
    await page.getByRole('link', { name: 'Barcode Bridge' }).first().waitFor()
    await page.close()
  })

  it('the key / leads to the search box, which understands the query language', async () => {
    const page = await stage.open('/catalog')
    await page.getByRole('link', { name: 'Barcode Bridge' }).first().waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('kind:resource type:database parcel')
    await page.keyboard.press('Enter')
    await page.waitForURL(/kind%3Aresource/)
    await page.getByRole('link', { name: 'Parcel database' }).first().waitFor()
    expect(await page.getByRole('link', { name: 'Barcode Bridge' }).count()).toBe(0)
    await page.close()
  })

  it('says what is wrong with a query, and where', async () => {
    const page = await stage.open('/catalog?q=colour%3Ared')
    await page.getByText('colour', { exact: false }).first().waitFor()
    await expect.poll(() => page.locator('main').innerText()).toMatch(/not a key|unknown|no key|spec\.colour/i)
    await page.close()
  })

  it('an entity shows its relations as links, its card, its source and its versions', async () => {
    const page = await stage.open('/catalog/default/component/parcel-tracker')
    await page.getByRole('heading', { level: 1, name: 'Parcel Tracker' }).waitFor()
    await page.getByText('On call now').waitFor()
    const link = page.getByRole('link', { name: /Parcel database/ }).first()
    expect(await link.getAttribute('href')).toBe('/catalog/default/resource/parcel-db')
    await page
      .getByRole('link', { name: 'Versions' })
      .or(page.getByRole('tab', { name: 'Versions' }))
      .click()
    await page.getByText('added', { exact: false }).first().waitFor()
    await page
      .getByRole('link', { name: 'Source' })
      .or(page.getByRole('tab', { name: 'Source' }))
      .click()
    await expect.poll(() => page.locator('main').innerText()).toContain('apiVersion: backstage.io/v1alpha1')
    await page.close()
  })

  it('an entity that is not there, and a page that is not there, say so', async () => {
    const page = await stage.open('/catalog/default/component/nothing-here')
    await expect.poll(() => page.locator('main').innerText()).toContain('nothing-here')
    await page.goto(`${stage.portal.url}/no/such/page`)
    await expect.poll(() => page.locator('main').innerText()).toMatch(/not found|no page|nothing/i)
    await page.close()
  })

  it('lists the problems of the broken file with their lines', async () => {
    const page = await stage.open('/catalog-problems')
    await page.getByText('line 19', { exact: false }).first().waitFor()
    await page.getByText('DESCRIPTOR_FIELD').first().waitFor()
    await page.close()
  })

  const paths = [
    '/catalog',
    '/catalog?q=nothing-is-called-so',
    '/catalog/default/component/parcel-tracker',
    '/catalog/default/api/dispatch-events',
    '/catalog-problems',
    '/settings',
    '/nowhere',
  ]
  const looks = [
    { scheme: 'light', width: 1440 },
    { scheme: 'dark', width: 1440 },
    { scheme: 'light', width: 390 },
    { scheme: 'dark', width: 390 },
  ] as const
  it.each(paths.flatMap(path => looks.map(look => ({ path, ...look }))))(
    '$path is accessible, $scheme at $width',
    async ({ path, ...look }) => {
      const page = await stage.open(path, look)
      await page.locator('main h1').first().waitFor()
      await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null)
      expect(await findViolations(page)).toEqual([])
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      expect(overflow).toBeLessThanOrEqual(0)
      await page.close()
    },
  )
})
