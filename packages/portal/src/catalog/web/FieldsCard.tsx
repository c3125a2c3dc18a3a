import type { Entity } from '@callboard/sdk/entity'
import { Card } from '@callboard/ui/Card'
import { useQuery } from '@tanstack/react-query'
import styles from './FieldsCard.module.css'
import { describeKey, describeValue, kindsQuery, valueAt } from './kindsQuery.ts'

/** What the panel beside the card shows already. */
const SHOWN = new Set(['type', 'lifecycle', 'definition'])

/** The fields that a kind wants shown; of a kind that wants none, and has no page of its own, all but references. */
export function FieldsCard({ entity }: { entity: Entity }) {
  const kinds = useQuery(kindsQuery)
  const kind = kinds.data?.items.find(each => each.kind === entity.kind)
  if (!kind) return null
  const isOwn = kind.icon === kind.kind.toLowerCase()
  const references = new Set(kind.relations.map(({ field }) => field))
  const keys = kind.form.length > 0 || isOwn ? kind.form : Object.keys(entity.spec ?? {}).filter(key => !SHOWN.has(key))
  const facts = keys.flatMap(key => {
    const value = references.has(key) ? '' : describeValue(valueAt(entity.spec, key))
    return value ? [{ key, value }] : []
  })
  if (facts.length === 0) return null
  return (
    <Card title={kind.kind}>
      <dl className={styles.fields}>
        {facts.map(({ key, value }) => (
          <div key={key}>
            <dt>{describeKey(key)}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}
