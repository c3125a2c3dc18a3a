import { kernelErrors } from '@callboard/kernel/errors'
import { respond, z, type Actor, type Permission, type Portal } from '@callboard/sdk'
import { Readable } from 'node:stream'
import { portalErrors } from '../../errors.ts'
import type { Catalog } from '../plugin.ts'
import { findAncestry } from '../query/readAncestry.ts'
import { findFacets } from '../query/findItems.ts'
import { parseFields } from '../query/projectFields.ts'
import { findEntityText, findEntityTextByUid, readByRefs, readList, readPage, streamList } from '../query/readEntities.ts'
import { openScope, parseConditions, parseDate, PERMISSION, type Scope } from '../query/scope.ts'
import { deleteEntity } from '../store/sources.ts'
import {
  atQuery,
  count,
  DEFAULT_LIMIT,
  parseOrder,
  parseOrderField,
  positive,
  reasonSchema,
  repeated,
  toList,
} from './parameters.ts'

/** Reading entities: Backstage's endpoints, and `q` beside its `filter`. */
export function addEntityRoutes(portal: Portal<unknown>, catalog: Catalog): void {
  const { kernel } = catalog
  addList(portal, catalog)
  addPages(portal, catalog)

  const byName = { summary: 'One entity by name', query: atQuery }
  portal.get('/entities/by-name/:kind/:namespace/:name', byName, async ({ params, query, actor }) => {
    const scope = await openScopeAt(catalog, actor, query)
    return respond((await findEntityText(scope, refOf(params))) ?? notFound(params))
  })

  portal.get(
    '/entities/by-name/:kind/:namespace/:name/ancestry',
    { summary: 'What leads to an entity', query: atQuery },
    async ({ params, query, actor }) => {
      // As in Backstage: where other lists would be empty, this one is refused, whether the entity exists or not.
      await kernel.permissions.require(PERMISSION.entityRead, actor)
      return (await findAncestry(await openScopeAt(catalog, actor, query), refOf(params))) ?? notFound(params)
    },
  )

  const byUid = { summary: 'One entity by uid', query: atQuery }
  portal.get('/entities/by-uid/:uid', byUid, async ({ params: { uid }, query, actor }) => {
    const text = await findEntityTextByUid(await openScopeAt(catalog, actor, query), uid)
    if (text === undefined) throw portalErrors.ENTITY_UID_NOT_FOUND({ uid })
    return respond(text)
  })

  portal.delete(
    '/entities/by-uid/:uid',
    {
      summary: 'Delete an entity; what still declares it brings it back',
      query: z.strictObject({ reason: reasonSchema }),
    },
    async ({ params, query, actor }) => {
      await kernel.permissions.require(PERMISSION.entityDelete, actor)
      const text = await findEntityTextByUid(await openScope(kernel, actor), params.uid)
      if (text !== undefined) {
        // why: the text was made from an entity.
        const { kind, metadata } = JSON.parse(text) as { kind: string; metadata: { namespace: string; name: string } }
        const ref = refOf({ kind, ...metadata })
        await requireFor(catalog, PERMISSION.entityDelete, actor, ref)
        await deleteEntity(kernel.database.db, ref, actor.id, query.reason)
        catalog.syncSoon()
      }
      return respond(undefined, { status: 204 })
    },
  )

  const byRefs = z.object({
    entityRefs: z.array(z.string()),
    fields: z.array(z.string()).optional(),
    query: z.unknown().optional(),
  })
  const options = {
    summary: 'Entities by ref, in the order asked for',
    query: z.strictObject({ filter: repeated, at: z.string().optional() }),
    body: byRefs,
  }
  portal.post('/entities/by-refs', options, async ({ query, body, actor }) => {
    const scope = await openScope(kernel, actor)
    const conditions = { filter: toList(query.filter), query: body.query, at: query.at }
    return respond(await readByRefs(scope, body.entityRefs, conditions, parseFields(body.fields)))
  })

  const facets = z.strictObject({ facet: repeated, filter: repeated, q: z.string().optional(), at: z.string().optional() })
  portal.get('/entity-facets', { summary: 'Counts of entities by values of fields', query: facets }, async ({ query, actor }) => {
    const names = [
      ...new Set(
        toList(query.facet)
          .flatMap(each => each.split(','))
          .map(each => each.trim())
          .filter(Boolean),
      ),
    ]
    if (names.length === 0) throw portalErrors.FACET_MISSING()
    const scope = await openScope(kernel, actor)
    const conditions = parseConditions({ filter: toList(query.filter), q: query.q, at: query.at })
    const then = scope.asOf(conditions.at)
    return { facets: await findFacets(then, names, conditions.where) }
  })
}

/** Requires a permission for an entity that the actor may see: policies can allow it for some entities only. */
export async function requireFor({ kernel }: Catalog, permission: Permission, actor: Actor, ref: string): Promise<void> {
  const text = await findEntityText(await openScope(kernel, actor, permission), ref)
  if (text === undefined) throw kernelErrors.PERMISSION_DENIED({ permission: permission.name, actor: actor.id })
}

/** What the actor may see, at the time that a request asks about. */
async function openScopeAt({ kernel }: Catalog, actor: Actor, { at }: { at?: string | undefined }): Promise<Scope> {
  return (await openScope(kernel, actor)).asOf(at === undefined ? undefined : parseDate(at))
}

function addList(portal: Portal<unknown>, { kernel }: Catalog): void {
  const query = z.strictObject({
    filter: repeated,
    q: z.string().optional(),
    at: z.string().optional(),
    fields: repeated,
    order: repeated,
    limit: positive.optional(),
    offset: count.optional(),
    after: z.string().min(1).optional(),
  })
  portal.get('/entities', { summary: 'All entities that a filter finds', query }, async ({ query: asked, actor }) => {
    const scope = await openScope(kernel, actor)
    const position =
      asked.after === undefined
        ? { limit: asked.limit, offset: asked.offset }
        : { ...decodeAfter(asked.after), ...(asked.limit ? { limit: asked.limit } : {}) }
    const request = {
      filter: toList(asked.filter),
      q: asked.q,
      at: asked.at,
      fields: parseFields(toList(asked.fields)),
      sort: toList(asked.order).map(parseOrder),
      ...position,
    }
    if (position.limit === undefined && position.offset === undefined) {
      parseConditions(request)
      return respond(Readable.from(streamList(scope, request)), {
        headers: { 'content-type': 'application/json; charset=utf-8' },
      })
    }
    const limit = position.limit ?? DEFAULT_LIMIT
    const { items, more } = await readList(scope, { ...request, limit })
    const link = more ? nextLink(asked, limit, (position.offset ?? 0) + limit) : undefined
    return respond(`[${items.join(',')}]`, link ? { headers: { link } } : {})
  })
}

function nextLink(asked: Record<string, unknown>, limit: number, offset: number): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(asked)) {
    if (key === 'offset' || key === 'after' || value === undefined) continue
    for (const each of [value].flat()) search.append(key, String(each))
  }
  search.append('after', Buffer.from(JSON.stringify({ limit, offset })).toString('base64'))
  return `</api/catalog/entities?${search.toString()}>; rel="next"`
}

function decodeAfter(after: string): { limit?: number; offset?: number } {
  try {
    return z
      .object({ limit: z.number().int().min(1).optional(), offset: z.number().int().min(0).optional() })
      .parse(JSON.parse(Buffer.from(after, 'base64').toString()))
  } catch (cause) {
    throw portalErrors.CURSOR_INVALID({ reason: "the 'after' parameter could not be parsed" }, { cause })
  }
}

function addPages(portal: Portal<unknown>, { kernel }: Catalog): void {
  const query = z.strictObject({
    filter: repeated,
    q: z.string().optional(),
    at: z.string().optional(),
    fields: repeated,
    limit: count.optional(),
    offset: count.optional(),
    orderField: repeated,
    cursor: z.string().min(1).optional(),
    fullTextFilterTerm: z.string().optional(),
    fullTextFilterFields: repeated,
    totalItems: z.enum(['include', 'exclude']).optional(),
    missing: z.enum(['exclude', 'last']).optional(),
  })
  portal.get('/entities/by-query', { summary: 'A page of entities, with a cursor', query }, async ({ query: asked, actor }) => {
    const scope = await openScope(kernel, actor)
    return respond(
      await readPage(scope, {
        filter: toList(asked.filter),
        q: asked.q,
        at: asked.at,
        fields: parseFields(toList(asked.fields)),
        sort: toList(asked.orderField).map(parseOrderField),
        limit: asked.limit ?? DEFAULT_LIMIT,
        offset: asked.offset,
        term: asked.fullTextFilterTerm,
        termFields: toList(asked.fullTextFilterFields)
          .flatMap(each => each.split(','))
          .map(each => each.trim())
          .filter(Boolean),
        withTotal: asked.totalItems !== 'exclude',
        missing: asked.missing,
        cursor: asked.cursor,
      }),
    )
  })
}

export function refOf({ kind, namespace, name }: { kind: string; namespace: string; name: string }): string {
  return `${kind}:${namespace}/${name}`.toLowerCase()
}

export function notFound(params: { kind: string; namespace: string; name: string }): never {
  throw portalErrors.ENTITY_NOT_FOUND(params)
}
