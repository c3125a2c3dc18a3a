/** Where an error comes from: a place that a person can open, or the part of the portal that it concerns. */
export type Place = {
  file?: string
  /** 1-based. */
  line?: number
  /** 1-based. */
  column?: number
  /** Dotted path of a configuration or document key. */
  key?: string
  plugin?: string
  source?: string
}

/** One entry of a package's list of errors. `sentence` may hold `{names}` that the values fill. */
export type ErrorDefinition = { status: number; sentence: string; hint: string }

const NAME_BY_STATUS: Record<number, string> = {
  304: 'NotModifiedError',
  400: 'InputError',
  401: 'AuthenticationError',
  403: 'NotAllowedError',
  404: 'NotFoundError',
  409: 'ConflictError',
  413: 'InputError',
  415: 'InputError',
  501: 'NotImplementedError',
  503: 'ServiceUnavailableError',
}

/** The one error of the portal: a stable code, an HTTP status, a sentence, a hint, and the place it is about. */
export class PortalError extends Error {
  readonly code: string
  readonly status: number
  readonly hint: string
  readonly where: Place | undefined

  constructor(code: string, status: number, message: string, hint: string, options: { cause?: unknown; where?: Place } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = NAME_BY_STATUS[status] ?? 'Error'
    this.code = code
    this.status = status
    this.hint = hint
    this.where = options.where
  }
}

type Values = Record<string, string | number>
type Options = { cause?: unknown; where?: Place; hint?: string }

/**
 * Makes one error maker a code out of a package's list.
 *
 * @example
 * const errors = defineErrors({ LOCATION_UNKNOWN: { status: 404, sentence: 'No location has the id {id}.', hint: 'List them with GET /api/catalog/locations.' } })
 * throw errors.LOCATION_UNKNOWN({ id: 'x' })
 */
export function defineErrors<T extends Record<string, ErrorDefinition>>(
  definitions: T,
): { [K in keyof T]: (values?: Values, options?: Options) => PortalError } & { definitions: T } {
  const makers: Record<string, unknown> = { definitions }
  for (const [code, { status, sentence, hint }] of Object.entries(definitions)) {
    makers[code] = (values: Values = {}, options: Options = {}) =>
      new PortalError(code, status, fill(sentence, values), options.hint ?? fill(hint, values), options)
  }
  // why: the loop fills exactly the keys of T, which the type system cannot see.
  return makers as { [K in keyof T]: (values?: Values, options?: Options) => PortalError } & { definitions: T }
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole))
}

/** `file:12:3 (key)` as far as it is known, or an empty string. */
export function formatPlace(where: Place | undefined): string {
  if (!where) return ''
  const spot = where.file ? [where.file, where.line, where.line && where.column].filter(Boolean).join(':') : ''
  const about = [where.key, where.plugin && `plugin ${where.plugin}`, where.source && `source ${where.source}`]
  return [spot, ...about].filter(Boolean).join(', ')
}
