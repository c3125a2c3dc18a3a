import { createSign } from 'node:crypto'
import { z } from 'zod'
import type { GithubIntegration } from '../config/integrationsSchema.ts'

/** The apps that may know a repository's owner. */
export type AppAccess = { api: string; apps: NonNullable<GithubIntegration['apps']>; owner: string }

/** Reads or posts JSON of GitHub's API with these headers. */
type Call = (method: 'GET' | 'POST', url: string, headers: Record<string, string>) => Promise<string>

const PAGE = 100
const MOST_PAGES = 50
/** A token is renewed so long before it expires, so that no read is begun with one that ends under way. */
const EARLIER_MS = 5 * 60_000

const installationsSchema = z.array(
  z.looseObject({ id: z.number(), account: z.looseObject({ login: z.string() }).nullish(), suspended_at: z.string().nullish() }),
)
const tokenSchema = z.looseObject({ token: z.string(), expires_at: z.string() })

/** Makes tokens of GitHub Apps, one for each owner, each used until shortly before it expires. */
export function createAppTokens(): (access: AppAccess, call: Call) => Promise<string | undefined> {
  const known = new Map<string, { token: Promise<string | undefined>; until: number }>()

  async function make({ api, apps, owner }: AppAccess, call: Call): Promise<{ token: string; until: number } | undefined> {
    for (const app of apps) {
      const allowed = app.allowedInstallationOwners?.map(each => each.toLowerCase())
      if (allowed && !allowed.includes(owner.toLowerCase())) continue
      const headers = { accept: 'application/vnd.github+json', authorization: `Bearer ${signJwt(app.appId, app.privateKey)}` }
      for (let page = 1; page <= MOST_PAGES; page++) {
        const answer = await call('GET', `${api}/app/installations?per_page=${PAGE}&page=${page}`, headers)
        const installations = installationsSchema.parse(JSON.parse(answer))
        const found = installations.find(each => each.account?.login.toLowerCase() === owner.toLowerCase() && !each.suspended_at)
        if (found) {
          const made = tokenSchema.parse(
            JSON.parse(await call('POST', `${api}/app/installations/${found.id}/access_tokens`, headers)),
          )
          return { token: made.token, until: Date.parse(made.expires_at) - EARLIER_MS }
        }
        if (installations.length < PAGE) break
      }
    }
    return undefined
  }

  return async (access, call) => {
    const key = `${access.api} ${access.owner.toLowerCase()}`
    const cached = known.get(key)
    if (cached && cached.until > Date.now()) return cached.token
    const entry = { token: Promise.resolve<string | undefined>(undefined), until: Infinity }
    entry.token = make(access, call).then(
      made => {
        entry.until = made?.until ?? Date.now() + EARLIER_MS
        return made?.token
      },
      (error: unknown) => {
        known.delete(key)
        throw error
      },
    )
    known.set(key, entry)
    return entry.token
  }
}

/** Signed as docs.github.com says: from a minute ago, for clocks that differ, and for less than ten minutes. */
function signJwt(appId: number | string, privateKey: string): string {
  const now = Math.floor(Date.now() / 1000)
  const parts = [
    { alg: 'RS256', typ: 'JWT' },
    { iat: now - 60, exp: now + 9 * 60, iss: String(appId) },
  ]
  const text = parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey, 'base64url')}`
}
