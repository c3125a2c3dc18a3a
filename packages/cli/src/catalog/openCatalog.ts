import { PortalError } from '@callboard/sdk/errors'
import { cliErrors } from '../errors.ts'
import { findAnswerError } from './answerError.ts'

/** A catalog to ask: a running portal's, or that of a folder. */
export type OpenCatalog = {
  /** Where it is, for people. */
  name: string
  /** The JSON of a good answer of `/api/catalog…`. @throws PortalError what the portal answers instead */
  ask(path: string, request?: Ask): Promise<unknown>
  close(): Promise<void>
}

type Search = Record<string, string | string[] | number | undefined>
type Ask = { method?: 'GET' | 'POST' | 'DELETE'; search?: Search; body?: unknown }

/** Sends one request, wherever the portal is. */
export type Send = (request: {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  body: string | undefined
}) => Promise<{ status: number; text: string }>

/** The options with which every command about the catalog says which one it means. */
export const catalogOptions = {
  url: { type: 'string' },
  token: { type: 'string' },
  files: { type: 'string' },
} as const

export const catalogUsage = `  --url URL        the portal to ask (default: CALLBOARD_URL, else http://127.0.0.1:7007)
  --token TOKEN    who asks (default: CALLBOARD_TOKEN; another process can see what is typed here)
  --files FOLDER   ask the catalog files of a folder instead; no portal is needed, and nothing is fetched`

type Values = { url?: string | undefined; token?: string | undefined; files?: string | undefined }

/** Opens the catalog that the options mean. `at` is the date or git revision that files are wanted of. */
export async function openCatalog(command: string, { url, token, files }: Values, at?: string): Promise<OpenCatalog> {
  if (files === undefined) return openPortal(command, url ?? process.env.CALLBOARD_URL, token ?? process.env.CALLBOARD_TOKEN)
  const option = url === undefined ? (token === undefined ? undefined : '--token') : '--url'
  if (option) throw cliErrors.OPTION_INVALID({ command, option, reason: 'does not go with --files' })
  // why: a command that asks a portal need not load one.
  const { openFolder } = await import('./openFolder.ts')
  return openFolder(files, at)
}

/** The door to a portal, however its requests are sent. */
export function createDoor(name: string, send: Send, close: () => Promise<void> = async () => {}): OpenCatalog {
  return {
    name,
    close,
    async ask(path, { method = 'GET', search = {}, body } = {}) {
      const { status, text } = await send({
        method,
        path: `/api/catalog${path}${toSearch(search)}`,
        body: body === undefined ? undefined : JSON.stringify(body),
      })
      const answer = parseJson(text)
      if (status >= 200 && status < 300 && (answer !== undefined || status === 204)) return answer
      const query = typeof search.q === 'string' ? search.q : undefined
      throw findAnswerError(status, answer, query) ?? cliErrors.PORTAL_FOREIGN({ url: name, status })
    },
  }
}

function openPortal(command: string, address = 'http://127.0.0.1:7007', token: string | undefined): OpenCatalog {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw cliErrors.OPTION_INVALID({ command, option: '--url', reason: `must begin with http:// or https://, not ${address}` })
  }
  const base = address.replace(/\/+$/, '')
  return createDoor(base, async ({ method, path, body }) => {
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: {
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      })
      return { status: response.status, text: await response.text() }
    } catch (cause) {
      if (cause instanceof PortalError) throw cause
      throw cliErrors.PORTAL_UNREACHABLE({ url: base, reason: reasonOf(cause) }, { cause })
    }
  })
}

/** fetch says only that it failed; the reason is its cause, which for a name with several addresses holds several. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause ? error.cause : error
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause
  return first instanceof Error ? first.message : String(first)
}

function toSearch(search: Search): string {
  const pairs = Object.entries(search).flatMap(([key, value]) =>
    value === undefined ? [] : [value].flat().map(each => [key, String(each)]),
  )
  return pairs.length > 0 ? `?${new URLSearchParams(pairs).toString()}` : ''
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
