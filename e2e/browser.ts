import { loadConfig } from '@callboard/kernel/config/config'
import { createLog } from '@callboard/kernel/log'
import type { RunningPortal } from '@callboard/kernel/startKernel'
import { startPortal } from '@callboard/portal/startPortal'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { expect } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

/** The Chromium of this machine, if it has one. */
export function findChromium(): string | undefined {
  return [
    process.env.CALLBOARD_TEST_CHROMIUM ?? '',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ].find(path => path !== '' && existsSync(path))
}

export type Stage = {
  portal: RunningPortal
  browser: Browser
  open(path: string, options?: PageOptions): Promise<Page>
  close(): Promise<void>
}

export type PageOptions = { scheme?: 'light' | 'dark'; width?: number }

/** A portal with the example company, and a browser in front of it. */
export async function setStage(executablePath: string): Promise<Stage> {
  const config = await loadConfig({ paths: [join(ROOT, 'examples/acme/app-config.yaml')], cwd: ROOT, env: {} })
  const log = await createLog({ write: () => undefined })
  const portal = await startPortal({ config, database: { client: 'pglite', directory: undefined }, port: 0, env: {}, log })
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--no-first-run',
  ]
  const browser = await chromium.launch({ executablePath, args })
  return {
    portal,
    browser,
    async open(path, { scheme = 'light', width = 1440 } = {}) {
      const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' })
      const page = await context.newPage()
      const strangers: string[] = []
      page.on('request', request => {
        if (!request.url().startsWith(portal.url) && !request.url().startsWith('data:')) strangers.push(request.url())
      })
      page.on('pageerror', error => strangers.push(String(error)))
      page.on('close', () => expect(strangers).toEqual([]))
      await page.goto(`${portal.url}${path}`)
      return page
    },
    async close() {
      await browser.close()
      await portal.close()
    },
  }
}

/** What axe finds wrong with a page by WCAG 2.2 AA. */
export async function findViolations(page: Page): Promise<string[]> {
  const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  // why: evaluated by the debugger, which the page's content security policy does not concern.
  await page.evaluate(axe)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  return page.evaluate(async values => {
    // why: the script above puts axe there.
    const { axe: checker } = globalThis as unknown as {
      axe: { run(root: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
    }
    const { violations } = await checker.run(document, { runOnly: { type: 'tag', values } })
    return violations.map(
      each =>
        `${each.id}: ${each.nodes
          .map(node => node.html)
          .join(' | ')
          .slice(0, 300)}`,
    )
  }, tags)
}
