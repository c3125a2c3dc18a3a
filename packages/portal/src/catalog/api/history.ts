import { kernelErrors } from '@callboard/kernel/errors'
import { respond, z, type Actor, type Portal } from '@callboard/sdk'
import { portalErrors } from '../../errors.ts'
import { blameEntity } from '../history/blameEntity.ts'
import { readCatalogDiff } from '../history/readCatalogDiff.ts'
import { findDiff } from '../history/readDiff.ts'
import type { Catalog } from '../plugin.ts'
import { findEntityText } from '../query/readEntities.ts'
import { findVersionText, readVersions } from '../query/readHistory.ts'
import { openScope, parseConditions, parseDate, PERMISSION } from '../query/scope.ts'
import { restoreVersion } from '../store/restore.ts'
import { notFound, refOf } from './entities.ts'
import { positive, reasonSchema, repeated, toList } from './parameters.ts'

const BY_NAME = '/entities/by-name/:kind/:namespace/:name'
const DEFAULT_LIMIT = 100
const MOST = 500

/** What was: versions, differences, who set what, and bringing a version back. */
export function addHistoryRoutes(portal: Portal<unknown>, catalog: Catalog): void {
  const { kernel } = catalog
  portal.get(`${BY_NAME}/versions`, { summary: 'The states of an entity, newest first' }, async ({ params, actor }) => {
    const items = await readVersions(await openScope(kernel, actor), refOf(params))
    return items.length > 0 ? { items } : notFound(params)
  })

  portal.get(`${BY_NAME}/versions/:version`, { summary: 'One state of an entity' }, async ({ params, actor }) => {
    const scope = await openScope(kernel, actor)
    return respond((await findVersionText(scope, refOf(params), toVersion(params.version))) ?? notFound(params))
  })

  const points = z.strictObject({ from: z.string().optional(), to: z.string().optional() })
  const diff = { summary: 'What differs between two versions or dates of an entity', query: points }
  portal.get(`${BY_NAME}/diff`, diff, async ({ params, query, actor }) => {
    return (await findDiff(await openScope(kernel, actor), refOf(params), query)) ?? notFound(params)
  })

  portal.get(`${BY_NAME}/blame`, { summary: 'Who set each value of an entity' }, async ({ params, actor }) => {
    const items = await blameEntity(await openScope(kernel, actor), refOf(params))
    return items ? { items } : notFound(params)
  })

  addCatalogDiff(portal, catalog)
  const restore = {
    summary: 'Bring a version back that no source declares any more',
    query: z.strictObject({ reason: reasonSchema }),
  }
  portal.post(`${BY_NAME}/versions/:version/restore`, restore, async ({ params, query, actor }) => {
    const version = toVersion(params.version)
    const ref = refOf(params)
    await requireRestore(catalog, actor, ref, version)
    const result = await restoreVersion(kernel.database.db, { ref, version }, actor.id, query.reason)
    const scope = await openScope(kernel, actor)
    if (result.type === 'missing') throw portalErrors.VERSION_NOT_FOUND({ ref, version })
    if (result.type === 'held') {
      const [newest] = await readVersions(scope, ref)
      const found = await findDiff(scope, ref, { from: params.version, to: String(newest?.version ?? version) })
      const paths = [...new Set(found?.changes.map(each => each.path))].join(', ') || 'nothing'
      throw portalErrors.RESTORE_HELD({ ref, location: result.location, version, paths })
    }
    return respond(await findEntityText(scope, ref), { status: 201 })
  })
}

function addCatalogDiff(portal: Portal<unknown>, { kernel }: Catalog): void {
  const query = z.strictObject({
    from: z.string(),
    to: z.string().optional(),
    q: z.string().optional(),
    filter: repeated,
    limit: positive.refine(value => value <= MOST, `expected at most ${MOST}`).optional(),
    cursor: z.string().min(1).optional(),
  })
  portal.get('/diff', { summary: 'What differs between the catalog at two times', query }, async ({ query: asked, actor }) => {
    const conditions = parseConditions({ filter: toList(asked.filter), q: asked.q })
    if (conditions.at !== undefined) throw portalErrors.QUERY_TWO_TIMES({ first: conditions.at, second: asked.from })
    return readCatalogDiff(await openScope(kernel, actor), {
      from: parseDate(asked.from),
      to: asked.to === undefined ? new Date().toISOString() : parseDate(asked.to),
      where: conditions.where,
      limit: asked.limit ?? DEFAULT_LIMIT,
      after: asked.cursor,
    })
  })
}

/** Who restores a version must see it, and be allowed to restore what it says. */
async function requireRestore({ kernel }: Catalog, actor: Actor, ref: string, version: number): Promise<void> {
  await kernel.permissions.require(PERMISSION.entityRestore, actor)
  const seen = await findVersionText(await openScope(kernel, actor), ref, version)
  if (seen === undefined) throw portalErrors.VERSION_NOT_FOUND({ ref, version })
  const allowed = await findVersionText(await openScope(kernel, actor, PERMISSION.entityRestore), ref, version)
  if (allowed === undefined) {
    throw kernelErrors.PERMISSION_DENIED({ permission: PERMISSION.entityRestore.name, actor: actor.id })
  }
}

function toVersion(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}
