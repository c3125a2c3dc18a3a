import type { Kernel } from '@callboard/kernel/services'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { portalErrors } from '../errors.ts'
import { portalInfo } from './portalInfo.ts'

const WEB_FOLDER = resolve(import.meta.dirname, '../../../../dist/web')
const YEAR_SECONDS = 31_536_000

/** Serves the built pages: files with a hash in their name for ever, and the frame for every other path that is not the API's. */
export async function addWeb(kernel: Kernel): Promise<void> {
  const { app, security } = kernel.http
  const html = await readFile(join(WEB_FOLDER, 'index.html'), 'utf8').catch(() => undefined)
  if (html !== undefined) {
    for (const script of inlineScripts(html)) security.allowScript(script)
    await app.register(import('@fastify/static'), {
      root: join(WEB_FOLDER, 'assets'),
      prefix: '/assets/',
      maxAge: YEAR_SECONDS * 1000,
      immutable: true,
      preCompressed: true,
      index: false,
    })
  }
  const frame = { schema: { hide: true } }
  for (const path of ['/', '/*']) {
    app.get(path, frame, (request, reply) => {
      if (/^\/(api|assets|\.backstage)(\/|$)/.test(request.url)) return reply.callNotFound()
      if (html === undefined) throw portalErrors.WEB_NOT_BUILT()
      const info = JSON.stringify(portalInfo(kernel.config, request.actor)).replaceAll('<', '\\u003c')
      const page = html.replace('<!--portal-->', () => `<script type="application/json" id="portal">${info}</script>`)
      return reply.header('content-type', 'text/html; charset=utf-8').header('cache-control', 'no-cache').send(page)
    })
  }
}

/** The texts of scripts that stand in the page itself and run; their hashes go into the content security policy. */
function inlineScripts(html: string): string[] {
  return [...html.matchAll(/<script(?<attributes>[^>]*)>(?<text>[^]*?)<\/script>/g)].flatMap(({ groups }) =>
    groups?.text && !/\bsrc=|application\/json/.test(groups.attributes ?? '') ? [groups.text] : [],
  )
}
