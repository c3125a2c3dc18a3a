import { ANNOTATION, type Entity } from '@callboard/sdk/entity'
import { stringifyEntityRef } from '@callboard/sdk/entityRef'
import { AppLink } from '@callboard/ui/AppLink'
import { CopyButton } from '@callboard/ui/CopyButton'
import { getEntityTitle } from '@callboard/ui/entityTitle'
import { KindIcon } from '@callboard/ui/KindIcon'
import { getKindLabel } from '@callboard/ui/kindLabel'
import { Button } from '@mantine/core'
import { IconExternalLink } from '@tabler/icons-react'
import { getCatalogHref } from './catalogSearch.ts'
import styles from './EntityHeader.module.css'
import { RefreshButton } from './RefreshButton.tsx'

/** What an entity is called, of which kind it is, and what can be done with it. */
export function EntityHeader({ entity }: { entity: Entity }) {
  const ref = stringifyEntityRef(entity)
  const type = entity.spec?.type
  const viewUrl = entity.metadata.annotations?.[ANNOTATION.viewUrl] ?? ''
  return (
    <header className={styles.header}>
      <nav aria-label="Breadcrumb">
        <ol className={styles.crumbs}>
          <li>
            <AppLink href={getCatalogHref({ kind: 'all' })}>Catalog</AppLink>
          </li>
          <li>
            <AppLink href={getCatalogHref({ kind: entity.kind.toLowerCase() })}>{getKindLabel(entity.kind, true)}</AppLink>
          </li>
        </ol>
      </nav>
      <div className={styles.line}>
        <KindIcon kind={entity.kind} size={23} tile />
        <div className={styles.names}>
          <h1 className={styles.title}>{getEntityTitle(entity)}</h1>
          <p className={styles.second}>
            <span>
              {getKindLabel(entity.kind)}
              {typeof type === 'string' && ` · ${type}`}
            </span>
            <span className={styles.ref}>
              <code title={ref}>{ref}</code>
              <CopyButton text={ref} label="Copy the entity ref" />
            </span>
          </p>
        </div>
        <div className={styles.actions}>
          <RefreshButton entityRef={ref} />
          {/^https?:\/\//i.test(viewUrl) && (
            <Button
              component={AppLink}
              href={viewUrl}
              variant="default"
              size="xs"
              leftSection={<IconExternalLink size={14} stroke={1.75} />}
            >
              View source
            </Button>
          )}
        </div>
      </div>
    </header>
  )
}
