import type { Entity } from '@callboard/sdk/entity'
import { Card } from '@callboard/ui/Card'
import { EntityLink } from '@callboard/ui/EntityLink'
import { getKindLabel } from '@callboard/ui/kindLabel'
import { readRef } from '@callboard/ui/entityTitle'
import { useState } from 'react'
import type { Titles } from './fetchTitles.ts'
import { groupRelations, type RelationGroup } from './relationLabels.ts'
import styles from './RelationsCard.module.css'

const SHOWN_AT_FIRST = 10

/** What an entity has to do with others. */
export function RelationsCard({ entity, titles }: { entity: Entity; titles: Titles | undefined }) {
  const groups = groupRelations(entity.relations ?? [])
  const count = groups.reduce((sum, { refs }) => sum + refs.length, 0)
  return (
    <Card title="Relations" note={count || undefined} flush={count > 0}>
      {!count && <p className={styles.none}>This entity has no relations to others.</p>}
      {groups.map(group => (
        <Group key={group.type} group={group} titles={titles} />
      ))}
    </Card>
  )
}

function Group({ group: { type, label, refs }, titles }: { group: RelationGroup; titles: Titles | undefined }) {
  const [isOpen, setOpen] = useState(false)
  const shown = isOpen ? refs : refs.slice(0, SHOWN_AT_FIRST)
  return (
    <div className={styles.group}>
      <h3 className={styles.label} id={`relation-${type}`}>
        {label}
        {refs.length > 1 && <span className={styles.count}>{refs.length}</span>}
      </h3>
      <div className={styles.list}>
        <ul aria-labelledby={`relation-${type}`}>
          {shown.map(ref => {
            const target = titles?.get(ref)
            return (
              <li key={ref} className={styles.item}>
                <EntityLink entityRef={ref} title={target?.title} missing={target === null} />
                {target !== null && (
                  <span className={styles.note} title={target?.description}>
                    {target?.description || [getKindLabel(readRef(ref).kind), target?.type].filter(Boolean).join(' · ')}
                  </span>
                )}
              </li>
            )
          })}
        </ul>
        {refs.length > shown.length && (
          <button type="button" className={styles.more} onClick={() => setOpen(true)}>
            Show all {refs.length}
          </button>
        )}
      </div>
    </div>
  )
}
