import { createHash } from 'node:crypto'
import type { App } from './createHttp.ts'

export type ContentSecurity = {
  /** Allows one inline script, by the hash of its text. */
  allowScript(text: string): void
}

type Directives = Record<string, string[] | false>

const BASE: Directives = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'self'"],
  'frame-ancestors': ["'self'"],
}

/** Sets the headers that keep a browser from doing what a page did not mean. `backend.csp` adds to the policy, never `unsafe-eval`. */
export function addSecurityHeaders(app: App, backend: { csp?: unknown } | undefined): ContentSecurity {
  const directives: Directives = { ...BASE }
  // why: config has been checked against the schema of `backend.csp` already.
  for (const [name, value] of Object.entries((backend?.csp ?? {}) as Directives)) directives[name] = value
  for (const values of Object.values(directives)) {
    const eval_ = values ? values.indexOf("'unsafe-eval'") : -1
    if (values && eval_ !== -1) values.splice(eval_, 1)
  }
  let policy = serialise(directives)
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'SAMEORIGIN',
    })
    done()
  })
  return {
    allowScript(text) {
      const hash = `'sha256-${createHash('sha256').update(text).digest('base64')}'`
      directives['script-src'] = [...(directives['script-src'] || []), hash]
      policy = serialise(directives)
    },
  }
}

function serialise(directives: Directives): string {
  return Object.entries(directives)
    .flatMap(([name, values]) => (values ? [`${name} ${values.join(' ')}`] : []))
    .join('; ')
}
