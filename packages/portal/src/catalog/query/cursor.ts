import { z } from '@callboard/sdk'
import { portalErrors } from '../../errors.ts'

const cursorSchema = z.object({
  filter: z.array(z.string()).optional(),
  q: z.string().optional(),
  /** The time that all pages are of. */
  at: z.string().optional(),
  /** A predicate, as JSON. Backstage's client looks for this key to know how to go on. */
  query: z.unknown().optional(),
  term: z.string().optional(),
  termFields: z.array(z.string()).optional(),
  sort: z.array(z.object({ field: z.string(), descending: z.boolean() })),
  /** Rows that lack the first sort key are left out, or come last. */
  missing: z.enum(['exclude', 'last']),
  /** Sort values and ref of the row behind which the page begins. */
  after: z.array(z.string().nullable()),
  isPrevious: z.boolean(),
  totalItems: z.number().optional(),
})

/** All that a page needs to go on from another one. To clients it is an opaque text. */
export type Cursor = z.output<typeof cursorSchema>

export function encodeCursor(cursor: Cursor): string {
  // why: without these characters base64 has neither of the two that need escaping in a URL, and every decoder can read it.
  const ascii = JSON.stringify(cursor).replace(/[>?~\u007f-\uffff]/g, escapeUnit)
  return Buffer.from(ascii).toString('base64url')
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** @throws PortalError CURSOR_INVALID */
export function decodeCursor(text: string): Cursor {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString())
  } catch (cause) {
    throw portalErrors.CURSOR_INVALID({ reason: 'could not be parsed' }, { cause })
  }
  const parsed = cursorSchema.safeParse(value)
  if (!parsed.success) throw portalErrors.CURSOR_INVALID({ reason: 'could not be parsed' }, { cause: parsed.error })
  return parsed.data
}
