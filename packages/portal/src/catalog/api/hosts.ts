import type { Portal } from '@callboard/sdk'
import type { Catalog } from '../plugin.ts'
import { PERMISSION } from '../query/scope.ts'

/** What the hosts that are read from allow, as they said last. */
export function addHostRoute(portal: Portal<unknown>, { kernel }: Catalog): void {
  portal.get('/hosts', { summary: 'What is left of the limits of Git hosts' }, async ({ actor }) => {
    const { allowed } = await kernel.permissions.decide(PERMISSION.locationRead, actor)
    return { items: allowed ? kernel.reader.budgets() : [] }
  })
}
