import type { Entity } from '@callboard/sdk/entity'
import { stringifyEntityRef } from '@callboard/sdk/entityRef'
import { AboutPanel } from './AboutPanel.tsx'
import { EntityLinks } from './EntityLinks.tsx'
import styles from './EntityOverview.module.css'
import { useTargetTitles } from './entityQueries.ts'
import { EntityWarnings } from './EntityWarnings.tsx'
import { FieldsCard } from './FieldsCard.tsx'
import { MetadataPanel } from './MetadataPanel.tsx'
import { PluginCards } from './PluginCards.tsx'
import { RelationsCard } from './RelationsCard.tsx'

/** The first tab of an entity. */
export function EntityOverview({ entity }: { entity: Entity }) {
  const titles = useTargetTitles(entity)
  const ref = stringifyEntityRef(entity)
  return (
    <div className={styles.overview}>
      <div className={styles.main}>
        <EntityWarnings entity={entity} titles={titles.data} />
        {entity.metadata.description && <p className={styles.description}>{entity.metadata.description}</p>}
        <FieldsCard entity={entity} />
        <RelationsCard key={ref} entity={entity} titles={titles.data} />
        <PluginCards entityRef={ref} />
      </div>
      <aside className={styles.side} aria-label="About this entity">
        <AboutPanel entity={entity} titles={titles.data} />
        <EntityLinks links={entity.metadata.links ?? []} />
        <MetadataPanel title="Labels" values={entity.metadata.labels} />
        <MetadataPanel title="Annotations" values={entity.metadata.annotations} />
      </aside>
    </div>
  )
}
