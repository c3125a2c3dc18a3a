import { ANNOTATION, respond, z, type Entity, type Portal } from '@callboard/sdk'
import { randomUUID } from 'node:crypto'
import { portalErrors } from '../../errors.ts'
import { dryRunLocation } from '../ingest/dryRun.ts'
import { generatedLocationRef } from '../ingest/generatedLocation.ts'
import { stringifyLocationRef, type LocationRef } from '../locationRef.ts'
import type { Catalog } from '../plugin.ts'
import { findEntityText } from '../query/readEntities.ts'
import { openScope, PERMISSION } from '../query/scope.ts'
import { deleteLocation, insertLocation, listLocations, updateLocation, type RegisteredLocation } from '../store/locations.ts'
import { notFound, refOf } from './entities.ts'
import { locationQueryBody, pageLocations, type LocationReply } from './locationQuery.ts'
import { requireBody, requireUrlLocation } from './parameters.ts'

const TRUE = /^(y|yes|true|1|on)$/i

/** Locations that people register. Those of the configuration are not among them. */
export function addLocationRoutes(portal: Portal<unknown>, catalog: Catalog): void {
  const { kernel } = catalog
  const { db } = kernel.database
  const list = async (only?: Parameters<typeof listLocations>[1]): Promise<LocationReply[]> =>
    (await listLocations(db, only)).map(replyOf)

  portal.get('/locations', { summary: 'The registered locations' }, async ({ actor }) => {
    const { allowed } = await kernel.permissions.decide(PERMISSION.locationRead, actor)
    return allowed ? (await list()).map(data => ({ data })) : []
  })

  portal.get('/locations/:id', { summary: 'One registered location' }, async ({ params: { id }, actor }) => {
    const { allowed } = await kernel.permissions.decide(PERMISSION.locationRead, actor)
    const [found] = allowed ? await list({ id }) : []
    if (!found) throw portalErrors.LOCATION_NOT_FOUND({ id })
    return found
  })

  portal.get(
    '/locations/by-entity/:kind/:namespace/:name',
    { summary: 'The registered location that led to an entity' },
    async ({ params, actor }) => {
      const { allowed } = await kernel.permissions.decide(PERMISSION.locationRead, actor)
      const text = allowed ? await findEntityText(await openScope(kernel, actor), refOf(params)) : undefined
      // why: the text was made from an entity.
      const entity = text === undefined ? notFound(params) : (JSON.parse(text) as Entity)
      const [found] = await list(originOf(entity))
      if (!found) throw portalErrors.LOCATION_OF_ENTITY_NOT_FOUND({ ref: refOf(params) })
      return found
    },
  )

  const query = z.strictObject({ dryRun: z.string().optional(), onConflict: z.enum(['refresh', 'reject']).optional() })
  portal.post('/locations', { summary: 'Register a location', query }, async request => {
    const location = parseLocation(requireBody(request.headers, request.body))
    const isDryRun = TRUE.test(request.query.dryRun ?? '')
    if (!isDryRun && catalog.config.readonly) throw portalErrors.CATALOG_READONLY()
    await kernel.permissions.require(PERMISSION.locationCreate, request.actor)
    if (isDryRun) return respond(JSON.stringify(await dryRun(location)), { status: 201 })
    const id = randomUUID()
    const conflict = request.query.onConflict ?? catalog.config.defaultLocationConflictStrategy
    if (await insertLocation(db, { id, ...location }, request.actor.id)) {
      catalog.syncNewSoon()
      return respond(JSON.stringify({ location: { id, ...location, entityRef: generatedLocationRef(location) }, entities: [] }), {
        status: 201,
      })
    }
    const [existing] = await list(location)
    if (!existing) throw portalErrors.LOCATION_NAME_TAKEN(location)
    if (conflict === 'reject') throw portalErrors.LOCATION_EXISTS(location)
    const refreshing = catalog.ingest.refreshEntity(existing.entityRef, request.actor.id)
    refreshing.catch((error: unknown) =>
      kernel.log.warn({ err: error }, `${stringifyLocationRef(location)} could not be refreshed`),
    )
    return respond(JSON.stringify({ location: existing, entities: [] }), { status: 201 })
  })

  async function dryRun(location: { type: string; target: string }) {
    const entities = await dryRunLocation(location, catalog.context)
    const known = await list(location)
    const reply = { id: stringifyLocationRef(location), ...location, entityRef: generatedLocationRef(location) }
    return { exists: known.length > 0, location: reply, entities }
  }

  portal.post(
    '/locations/by-query',
    { summary: 'A page of the registered locations that a predicate finds', body: locationQueryBody },
    async ({ body, actor }) => {
      const { allowed } = await kernel.permissions.decide(PERMISSION.locationRead, actor)
      return pageLocations(allowed ? await list() : [], body)
    },
  )

  portal.put(
    '/locations/:id',
    { summary: 'Lead a location elsewhere; its entity keeps its name' },
    async ({ params: { id }, headers, body, actor }) => {
      const location = parseLocation(requireBody(headers, body))
      if (catalog.config.readonly) throw portalErrors.CATALOG_READONLY()
      await kernel.permissions.require(PERMISSION.locationCreate, actor)
      const [known] = await list({ id })
      if (!known) throw portalErrors.LOCATION_NOT_FOUND({ id })
      if (!(await updateLocation(db, { id: known.id, ...location }))) throw portalErrors.LOCATION_EXISTS(location)
      catalog.syncNewSoon()
      return { id: known.id, ...location, entityRef: known.entityRef }
    },
  )

  portal.delete(
    '/locations/:id',
    { summary: 'Unregister a location, with all that came from it' },
    async ({ params: { id }, actor }) => {
      if (catalog.config.readonly) throw portalErrors.CATALOG_READONLY()
      await kernel.permissions.require(PERMISSION.locationDelete, actor)
      const [known] = await list({ id })
      if (!known || !(await deleteLocation(db, known.id))) throw portalErrors.LOCATION_NOT_FOUND({ id })
      await catalog.ingest.syncNew()
      return respond(undefined, { status: 204 })
    },
  )
}

function replyOf(row: RegisteredLocation): LocationReply {
  const { id, type, target } = row
  return { id, type, target, entityRef: generatedLocationRef(row) }
}

/** Plugins may write anything as the origin of an entity: then no registered location is like it. */
function originOf({ metadata }: Entity): LocationRef {
  const [type = '', ...target] = (metadata.annotations?.[ANNOTATION.originLocation] ?? '').split(':')
  return { type, target: target.join(':') }
}

function parseLocation(body: unknown): LocationRef {
  const shape = z.strictObject({
    type: z.string().min(1),
    target: z.string().min(1),
    presence: z.enum(['required', 'optional']).optional(),
  })
  const parsed = shape.safeParse(body)
  if (!parsed.success) {
    const hint = 'Send {"type": "url", "target": "https://…/catalog-info.yaml"}.'
    throw portalErrors.BODY_MISSING({ reason: `Malformed location: ${parsed.error.issues[0]?.message ?? 'not valid'}` }, { hint })
  }
  return requireUrlLocation(parsed.data)
}
