import { entityPath } from '@callboard/sdk/entityRef'
import { AppLink } from '@callboard/ui/AppLink'
import { KindIcon } from '@callboard/ui/KindIcon'
import { getKindLabel } from '@callboard/ui/kindLabel'
import { shortenRef } from '@callboard/ui/entityTitle'
import { SkeletonLines } from '@callboard/ui/Skeleton'
import type { CatalogRows } from './catalogRows.ts'
import type { CatalogSearch } from './catalogSearch.ts'
import styles from './EntityList.module.css'
import { Lifecycle } from './Lifecycle.tsx'

/** The rows on a narrow screen: one compact card each. */
export function EntityList({ search, data }: { search: CatalogSearch; data: CatalogRows | undefined }) {
  if (!data) return <SkeletonLines lines={14} />
  return (
    <ul className={styles.list}>
      {data.rows.map(row => {
        const owner = row.owners[0]
        const facts = [
          search.kind === 'all' ? getKindLabel(row.kind) : '',
          row.type,
          owner ? data.titles.get(owner)?.title || shortenRef(owner) : '',
        ].filter(Boolean)
        return (
          <li key={row.ref}>
            <AppLink className={styles.card} href={entityPath(row.ref)}>
              <KindIcon kind={row.kind} size={17} tile />
              <span className={styles.texts}>
                <span className={styles.title}>{row.title}</span>
                <span className={styles.second}>{row.description || row.name}</span>
                {(facts.length > 0 || row.lifecycle) && (
                  <span className={styles.facts}>
                    {row.lifecycle && <Lifecycle name={row.lifecycle} />}
                    {facts.length > 0 && <span className={styles.fact}>{facts.join(' · ')}</span>}
                  </span>
                )}
              </span>
            </AppLink>
          </li>
        )
      })}
    </ul>
  )
}
