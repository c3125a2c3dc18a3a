import { PortalError } from '@callboard/sdk/errors'
import type { ReadingAllowance } from '../config/backendSchema.ts'
import type { Integrations } from '../config/integrationsSchema.ts'
import { kernelErrors } from '../errors.ts'
import { createBudgets, type Budget } from './budgets.ts'
import { createAppTokens } from './githubApp.ts'
import { createHostRules } from './hostRules.ts'
import { postJson, type PostOptions } from './postJson.ts'
import { toRawRequest } from './rawRequest.ts'
import { discardBody, readBody } from './readBody.ts'
import { readTree, searchTree, type TreeOptions, type TreeParts, type TreeResult } from './readTree.ts'
import { createSafeAgent } from './safeAgent.ts'
import { type Answer, header, parseWebUrl, sendRequest } from './sendRequest.ts'
import { showUrl } from './showUrl.ts'
import { statusError } from './statusError.ts'
import type { UnpackLimits } from './unpack.ts'

/** What a read may be told: the validators of the last answer, so that an unchanged file is not sent again. */
export type ReadOptions = { etag?: string; lastModified?: string; signal?: AbortSignal }

/** An answer; `url` is the address that the text came from in the end, after redirects. */
export type ReadResult =
  | { status: 'unchanged' }
  | { status: 'read'; text: string; etag?: string; lastModified?: string; url: string }

/** What a read of a folder may be told. */
export type ReadTreeOptions = Omit<TreeOptions, 'signal'> & { signal?: AbortSignal }

/** The one way to reach a URL. */
export type Reader = {
  /**
   * Reads a text over http or https; pages of files on the known Git hosts are read as the file.
   * Throws a `READ_…` error; its messages never hold credentials.
   */
  readUrl(url: string, options?: ReadOptions): Promise<ReadResult>
  /** Reads the files below a folder of a repository, all from one commit. `etag` is the commit that is known. */
  readTree(url: string, options?: ReadTreeOptions): Promise<TreeResult>
  /** Reads the files that a pattern in the path names, such as `…/blob/main/**\/catalog-info.yaml`. No match is no error. */
  search(url: string, options?: Omit<ReadTreeOptions, 'filter'>): Promise<TreeResult>
  /**
   * Posts a text of JSON, under the same rules. Throws a `READ_…` error unless the answer is a success.
   */
  postJson(url: string, body: string, options?: { headers?: PostOptions['headers']; signal?: AbortSignal }): Promise<void>
  /** What the hosts allow, as they said last. */
  budgets(): Budget[]
  /** Ends open connections. */
  close(): Promise<void>
}

/** `timeoutMs` bounds one read as a whole, redirects included; `maxBytes` counts before and after decompression. */
export type ReaderOptions = {
  integrations: Integrations
  allow: readonly ReadingAllowance[]
  timeoutMs?: number
  maxBytes?: number
  /** Bounds the reading of a folder as a whole. */
  treeTimeoutMs?: number
  treeLimits?: Partial<UnpackLimits>
}

const MEGABYTE = 1024 * 1024

/**
 * Makes a reader that only reaches the hosts of `integrations`, `backend.reading.allow` and the public Git hosts, and for
 * hosts that the configuration does not name only public addresses.
 *
 * @example
 * const reader = createReader({ integrations: { github: [], gitlab: [] }, allow: [{ host: 'docs.acme.example' }] })
 * const answer = await reader.readUrl('https://docs.acme.example/openapi.yaml')
 */
export function createReader({
  integrations,
  allow,
  timeoutMs = 15_000,
  maxBytes = 10 * MEGABYTE,
  ...rest
}: ReaderOptions): Reader {
  const rules = createHostRules(integrations, allow)
  const dispatcher = createSafeAgent(rules, timeoutMs)
  const budgets = createBudgets()
  const { treeTimeoutMs = 120_000, treeLimits } = rest
  const limits = { entries: 500_000, fileBytes: maxBytes, totalBytes: 4096 * MEGABYTE, keptBytes: 256 * MEGABYTE, ...treeLimits }
  const parts: TreeParts = { rules, dispatcher, budgets, integrations, limits, findAppToken: createAppTokens() }

  async function readUrl(url: string, options: ReadOptions = {}): Promise<ReadResult> {
    const asked = parseWebUrl(url)
    rules.check(asked)
    return within(asked, timeoutMs, options.signal, async signal => {
      const raw = toRawRequest(asked.href, integrations)
      return finish(await sendRequest(parts, raw, { headers: validators(options), signal }), raw.encoding)
    })
  }

  async function readFolder(read: typeof readTree, url: string, options: ReadTreeOptions = {}): Promise<TreeResult> {
    const asked = parseWebUrl(url)
    rules.check(asked)
    return within(asked, treeTimeoutMs, options.signal, signal => read(parts, asked.href, { ...options, signal }))
  }

  async function post(url: string, body: string, options: Partial<PostOptions> = {}): Promise<void> {
    const asked = parseWebUrl(url)
    return within(asked, timeoutMs, options.signal, signal =>
      postJson({ rules, dispatcher }, asked, body, { ...options, signal }),
    )
  }

  /** Ends what takes too long, and tells why something failed. */
  async function within<T>(
    url: URL,
    ms: number,
    caller: AbortSignal | undefined,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const deadline = AbortSignal.timeout(ms)
    try {
      return await run(caller ? AbortSignal.any([deadline, caller]) : deadline)
    } catch (error) {
      throw explain(error, url, caller, deadline, ms)
    }
  }

  async function finish({ response, url }: Answer, encoding?: 'base64'): Promise<ReadResult> {
    if (response.statusCode === 304) {
      discardBody(response)
      return { status: 'unchanged' }
    }
    if (response.statusCode !== 200) {
      discardBody(response)
      throw statusError(response, url)
    }
    const text = await readBody(response, url, maxBytes)
    return {
      status: 'read',
      text: encoding ? Buffer.from(text, encoding).toString() : text,
      etag: header(response, 'etag'),
      lastModified: header(response, 'last-modified'),
      url: url.href,
    }
  }

  function explain(error: unknown, url: URL, caller: AbortSignal | undefined, deadline: AbortSignal, ms: number): unknown {
    if (error instanceof PortalError) return error
    const shown = showUrl(url)
    if (caller?.aborted) return kernelErrors.READ_ABORTED({ url: shown }, { cause: error })
    if (deadline.aborted || isTimeout(error)) return kernelErrors.READ_TIMEOUT({ url: shown, ms }, { cause: error })
    const problem = error instanceof Error ? error.message : String(error)
    return kernelErrors.READ_UPSTREAM({ url: shown, problem }, { cause: error })
  }

  return {
    readUrl,
    readTree: (url, options) => readFolder(readTree, url, options),
    search: (url, options) => readFolder(searchTree, url, options),
    postJson: post,
    budgets: budgets.list,
    close: () => dispatcher.destroy(),
  }
}

function validators({ etag, lastModified }: ReadOptions): Record<string, string> {
  return { ...(etag && { 'if-none-match': etag }), ...(lastModified && { 'if-modified-since': lastModified }) }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && /^UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT$/.test(String(Reflect.get(error, 'code')))
}
