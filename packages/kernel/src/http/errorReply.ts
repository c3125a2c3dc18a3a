import { formatPlace, PortalError } from '@callboard/sdk/errors'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { kernelErrors } from '../errors.ts'
import type { App } from './createHttp.ts'

/** The body of every failed request: Backstage's shape, plus code, hint and place. */
export type ErrorBody = {
  error: { name: string; message: string; code?: string; hint?: string; where?: string; position?: number; length?: number }
  request: { method: string; url: string }
  response: { statusCode: number }
}

export function addErrorHandling(app: App): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = toPortalError(error)
    if (known.status >= 500) request.log.error({ err: error, url: request.url }, known.message)
    return sendError(known, request, reply)
  })
  app.setNotFoundHandler((request, reply) =>
    sendError(kernelErrors.ROUTE_NOT_FOUND({ method: request.method, path: request.url.split('?')[0] ?? '/' }), request, reply),
  )
}

function sendError(error: PortalError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const where = formatPlace(error.where)
  const body: ErrorBody = {
    error: {
      name: error.name,
      message: error.message,
      code: error.code,
      hint: error.hint,
      ...(where ? { where } : {}),
      ...spanOf(error),
    },
    request: { method: request.method, url: request.url },
    response: { statusCode: error.status },
  }
  // why: a stream that fails at its beginning has announced another body.
  for (const name of ['content-encoding', 'content-length', 'link']) void reply.removeHeader(name)
  return reply.code(error.status).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body))
}

/** Errors about a text, such as a query, tell which part of it: from 0, in characters. */
function spanOf(error: object): { position?: number; length?: number } {
  const { position, length } = error as { position?: unknown; length?: unknown }
  return typeof position === 'number' && typeof length === 'number' ? { position, length } : {}
}

/** Any error as one of ours. What a stranger threw becomes a plain 500 that tells nothing of the inside. */
export function toPortalError(error: Error & { statusCode?: number; code?: string }): PortalError {
  if (error instanceof PortalError) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map(issue => `${issue.instancePath.slice(1) || error.validationContext}: ${issue.message}`)
    return kernelErrors.REQUEST_INVALID({ issues: issues.join('; ') }, { cause: error })
  }
  if (UNWRITABLE.has(error.code ?? '')) {
    return kernelErrors.REQUEST_INVALID(
      { issues: 'a text holds a character that cannot be stored, such as U+0000' },
      { cause: error },
    )
  }
  if (isDatabaseGone(error)) return kernelErrors.DATABASE_UNAVAILABLE({}, { cause: error })
  if (error.statusCode && error.statusCode < 500) {
    return new PortalError(
      'REQUEST_INVALID',
      error.statusCode,
      error.message,
      'See /api/openapi.json for what this route takes.',
      {
        cause: error,
      },
    )
  }
  return kernelErrors.UNEXPECTED({}, { cause: error })
}

/** SQLSTATE: character_not_in_repertoire, untranslatable_character. */
const UNWRITABLE = new Set(['22021', '22P05'])

const GONE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  '08006',
  '08001',
  '53300',
])

/** Whether an error says that the database could not be reached or went away in the middle. */
export function isDatabaseGone(error: Error & { code?: string }): boolean {
  return (
    GONE.has(error.code ?? '') ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(error.message)
  )
}
