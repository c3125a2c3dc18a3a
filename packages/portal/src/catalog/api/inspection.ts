import type { Kernel } from '@callboard/kernel/services'
import { PortalError, respond, z, type Portal } from '@callboard/sdk'
import type { Problem } from '../contract.ts'
import { portalErrors } from '../../errors.ts'
import type { Model } from '../kinds/model.ts'
import { parseLocationRef } from '../locationRef.ts'
import { processDocument } from '../ingest/processDocument.ts'
import type { Catalog } from '../plugin.ts'
import { findEntityText } from '../query/readEntities.ts'
import { readProblems } from '../query/readProblems.ts'
import { openScope, PERMISSION } from '../query/scope.ts'
import { requireFor } from './entities.ts'
import { requireBody } from './parameters.ts'

/** What goes beyond reading entities: problems, refresh and validation. */
export function addInspectionRoutes(portal: Portal<unknown>, catalog: Catalog): void {
  const { kernel } = catalog
  portal.get(
    '/problems',
    { summary: 'What is wrong now', query: z.strictObject({ ref: z.string().optional() }) },
    async ({ query, actor }) => {
      const scope = await openScope(kernel, actor)
      // Like those of files, a problem of the configuration names things that may be hidden.
      const own = query.ref === undefined && !scope.visible ? findConfigProblem(kernel) : []
      return { items: [...own, ...(await readProblems(scope, query.ref))] }
    },
  )

  const refresh = z.object({ entityRef: z.string(), authorizationToken: z.string().optional() })
  portal.post('/refresh', { summary: 'Read everything that leads to an entity now', body: refresh }, async ({ body, actor }) => {
    await kernel.permissions.require(PERMISSION.entityRefresh, actor)
    const ref = body.entityRef.toLowerCase()
    const visible = await findEntityText(await openScope(kernel, actor), ref)
    if (visible !== undefined) await requireFor(catalog, PERMISSION.entityRefresh, actor, ref)
    const known = visible !== undefined && (await catalog.ingest.refreshEntity(ref, actor.id))
    if (!known) throw portalErrors.REFRESH_NOT_FOUND({ ref: body.entityRef })
    return respond(undefined)
  })

  portal.post(
    '/validate-entity',
    { summary: 'Check an entity without storing it', permission: PERMISSION.entityValidate },
    ({ headers, body }) => {
      const fault = findEntityFault(headers, body, catalog.context.model)
      if (!fault) return respond(undefined)
      const { name, message, code, hint } = fault
      return respond(JSON.stringify({ errors: [{ name, message, code, hint }] }), { status: 400 })
    },
  )
}

/** A changed configuration that is wrong is not in use: somebody has to know. */
function findConfigProblem({ configProblem }: Kernel): Problem[] {
  const found = configProblem()
  if (!found) return []
  const { code, message, hint, where } = found.error
  const location = `file:${where?.file ?? 'app-config.yaml'}`
  const place = { location, line: where?.line ?? null, column: where?.column ?? null }
  return [{ code, level: 'error', message, hint, ref: null, ...place, at: found.at.toISOString() }]
}

const validationSchema = z.object({ entity: z.unknown(), location: z.string() })

/** What is wrong with a request for validation, or with its entity: both are told in the same way. */
function findEntityFault(
  headers: Record<string, string | string[] | undefined>,
  body: unknown,
  model: Model,
): PortalError | undefined {
  try {
    const parsed = validationSchema.safeParse(requireBody(headers, body))
    const location = parsed.data ? readUrlLocation(parsed.data.location) : undefined
    if (!parsed.success || location === undefined) {
      const reason = "Malformed request: it takes an entity and a location of type 'url'"
      throw portalErrors.BODY_MISSING({ reason }, { hint: 'Send {"entity": {…}, "location": "url:https://…"}.' })
    }
    const result = processDocument(structuredClone(parsed.data.entity), { location, origin: location }, model)
    return result.status === 'ok' ? undefined : result.error
  } catch (error) {
    if (error instanceof PortalError) return error
    throw error
  }
}

function readUrlLocation(text: string): string | undefined {
  try {
    const { type, target } = parseLocationRef(text)
    return type === 'url' && URL.canParse(target) ? `url:${target}` : undefined
  } catch {
    return undefined
  }
}
