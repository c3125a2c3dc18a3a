import type { Portal } from '@callboard/sdk'
import type { KindInfo } from '../contract.ts'
import { findInverse } from '../kinds/relations.ts'
import type { Catalog } from '../plugin.ts'

/** What there can be in the catalog: for pages, forms and editors. */
export function addKindRoutes(portal: Portal<unknown>, { context }: Catalog): void {
  portal.get('/kinds', { summary: 'The kinds of this portal' }, (): { items: KindInfo[] } => ({
    items: context.model.kinds.map(({ kind, plural, apiVersions, description, icon, spec, relations, columns, form }) => ({
      kind,
      plural,
      apiVersions,
      description,
      icon,
      spec,
      relations: relations.map(each => ({ ...each, inverse: findInverse(each.relation) ?? each.inverse })),
      columns: columns ?? [],
      form: form ?? [],
    })),
  }))
}
