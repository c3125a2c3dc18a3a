import type { Entity } from '@callboard/sdk/entity'
import { entityPath, type EntityName } from '@callboard/sdk/entityRef'
import { AppLink } from '@callboard/ui/AppLink'
import styles from './KindTabs.module.css'

/** The overview has the empty path. */
export type EntityTab = { path: string; title: string }

export function listTabs(entity: Entity, ofPlugins: EntityTab[]): EntityTab[] {
  return [
    { path: '', title: 'Overview' },
    ...(typeof entity.spec?.definition === 'string' ? [{ path: 'definition', title: 'Definition' }] : []),
    ...ofPlugins,
    { path: 'source', title: 'Source' },
    { path: 'versions', title: 'Versions' },
  ]
}

/** The ways to look at an entity. */
export function EntityTabs({ name, tabs, current }: { name: EntityName; tabs: EntityTab[]; current: string }) {
  return (
    <nav className={styles.tabs} aria-label="Entity" data-spacious>
      <ul>
        {tabs.map(({ path, title }) => (
          <li key={path}>
            <AppLink
              className={styles.tab}
              href={path ? `${entityPath(name)}/${path}` : entityPath(name)}
              aria-current={path === current ? 'page' : undefined}
            >
              {title}
            </AppLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}
