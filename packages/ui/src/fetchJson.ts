/** A failed request, with what the portal says about it. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string | undefined
  readonly hint: string | undefined
  readonly where: string | undefined
  /** In a query: the 0-based place of the fault. */
  readonly position: number | undefined
  readonly length: number | undefined

  constructor(status: number, message: string, details: Details = {}) {
    super(message, { cause: details.cause })
    this.status = status
    this.code = details.code
    this.hint = details.hint
    this.where = details.where
    this.position = details.position
    this.length = details.length
  }
}

type Details = { code?: string; hint?: string; where?: string; position?: number; length?: number; cause?: unknown }

type Options = { method?: string; body?: unknown; signal?: AbortSignal }

/**
 * Asks the portal's API.
 *
 * @throws ApiError for every answer that is not 2xx and when there is no answer (status 0)
 * @example
 * const { items } = await fetchJson<{ items: Entity[] }>('/api/catalog/entities/by-query?limit=1')
 */
export async function fetchJson<T>(path: string, { method, body, signal }: Options = {}): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError(0, 'The portal cannot be reached.', { hint: 'Check your connection, then try again.', cause })
  }
  const text = await response.text()
  if (!response.ok) throw readError(response, text)
  // why: not checked again; the server checks its replies against the schemas that these types come from.
  return JSON.parse(text || 'null')
}

function readError(response: Response, text: string): ApiError {
  const fallback = `${response.status} ${response.statusText}`.trim()
  try {
    const body: { error?: Details & { message?: string } } = JSON.parse(text)
    return new ApiError(response.status, body.error?.message ?? fallback, body.error)
  } catch (cause) {
    return new ApiError(response.status, `The portal answered ${fallback}.`, { hint: 'Try again in a moment.', cause })
  }
}
