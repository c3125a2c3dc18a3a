import { PortalError } from '@callboard/sdk/errors'
import { z } from '@callboard/sdk'

type Fault = { text: string; position: number; length: number }

const bodySchema = z.object({
  error: z.object({
    message: z.string(),
    code: z.string().optional(),
    hint: z.string().optional(),
    position: z.number().int().min(0).optional(),
    length: z.number().int().min(0).optional(),
  }),
})

/** What a portal answered instead of what it was asked for; `fault` is the part of the query that it is about. */
export class AnswerError extends PortalError {
  fault: Fault | undefined
}

/** Reads the error of an answer. Undefined when no portal wrote it. */
export function findAnswerError(status: number, body: unknown, query: string | undefined): AnswerError | undefined {
  const parsed = bodySchema.safeParse(body)
  if (!parsed.success) return undefined
  const { message, code = 'PORTAL_REFUSED', hint = '', position, length = 1 } = parsed.data.error
  const error = new AnswerError(code, status, message, hint)
  if (query !== undefined && position !== undefined) error.fault = { text: query, position, length }
  return error
}

/** The query with carets below the fault. */
export function showFault({ fault }: AnswerError): string[] {
  if (!fault) return []
  // why: a line break or a tab would move the carets away from what they point at.
  return [fault.text.replace(/\s/g, ' '), ' '.repeat(fault.position) + '^'.repeat(Math.max(1, fault.length))]
}
