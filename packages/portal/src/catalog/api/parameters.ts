import { z } from '@callboard/sdk'
import { portalErrors } from '../../errors.ts'
import type { LocationRef } from '../locationRef.ts'
import type { SortKey } from '../query/selectItems.ts'

/** How many entities a page has when nobody says. */
export const DEFAULT_LIMIT = 200

/** A parameter that may be repeated. */
export const repeated = z.union([z.string(), z.array(z.string())]).optional()

/** An ISO date or time: the catalog is asked as it was then. */
export const atQuery = z.strictObject({ at: z.string().optional() })

/** Why somebody does something, in their words. */
export const reasonSchema = z.string().trim().min(1).max(1000).optional()

export function toList(value: string | string[] | undefined): string[] {
  return value === undefined ? [] : [value].flat()
}

export const count = z
  .string()
  .regex(/^\d{1,9}$/, 'expected a number from 0')
  .transform(Number)
export const positive = count.refine(value => value > 0, 'expected a number from 1')

/** `field`, `field,asc` or `field,desc`. */
export function parseOrderField(text: string): SortKey {
  const [field = '', order = 'asc'] = text.split(',').map(part => part.trim())
  return checkedSort(field, order, text)
}

/** `asc:field` or `desc:field`. */
export function parseOrder(text: string): SortKey {
  const colon = text.indexOf(':')
  return checkedSort(text.slice(colon + 1).trim(), text.slice(0, Math.max(colon, 0)).trim(), text)
}

function checkedSort(field: string, order: string, text: string): SortKey {
  if (!field || (order !== 'asc' && order !== 'desc')) {
    throw portalErrors.FILTER_INVALID(
      { reason: `Invalid order parameter, '${text}' has no field or an order that is neither asc nor desc` },
      { hint: 'Write orderField=metadata.name,desc, or order=desc:metadata.name on /entities.' },
    )
  }
  return { field, descending: order === 'desc' }
}

/** Bodies that are checked by hand, with the words that clients of Backstage know. */
export function requireBody(headers: Record<string, string | string[] | undefined>, body: unknown): unknown {
  const type = headers['content-type']
  const reason =
    type === undefined
      ? 'Content-Type missing'
      : !/^application\/(\w+\+)?json\b/i.test(String(type))
        ? 'Illegal Content-Type'
        : body === undefined || body === null || body === ''
          ? 'Missing request body'
          : typeof body === 'object' && Object.keys(body).length === 0
            ? 'Empty request body'
            : undefined
  if (reason) throw portalErrors.BODY_MISSING({ reason })
  return body
}

const ALLOWED_TYPES = ['url']

/** @throws PortalError when the location is not of a type that people may register, or leads nowhere */
export function requireUrlLocation({ type, target }: LocationRef): LocationRef {
  if (!ALLOWED_TYPES.includes(type)) throw portalErrors.LOCATION_TYPE_NOT_ALLOWED({ type })
  if (!URL.canParse(target) || !/^https?:$/.test(new URL(target).protocol)) {
    throw portalErrors.CATALOG_LOCATION_TARGET({ target, reason: 'it is not an http(s) URL' })
  }
  return { type, target }
}
