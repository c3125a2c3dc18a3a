import { entityPath, type EntityName } from '@callboard/sdk/entityRef'
import { AppLink } from '@callboard/ui/AppLink'
import { ErrorState } from '@callboard/ui/ErrorState'
import { RelativeTime } from '@callboard/ui/RelativeTime'
import { SkeletonLines } from '@callboard/ui/Skeleton'
import { useLocation } from '@tanstack/react-router'
import type { EntityVersion } from '../contract.ts'
import { useVersion, useVersions } from './entityQueries.ts'
import { readTarget, shortenPath } from './sourcePlace.ts'
import { EntityText } from './SourceTab.tsx'
import styles from './VersionsTab.module.css'

const CAUSES: Record<EntityVersion['cause'], string> = {
  added: 'Added',
  changed: 'Changed',
  removed: 'Removed',
  orphaned: 'Orphaned',
  restored: 'Restored',
}

/** What an entity has been: every version, and the one that was chosen in full. */
export function VersionsTab({ name }: { name: EntityName }) {
  const versions = useVersions(name)
  const wanted = useLocation({ select: ({ searchStr }) => Number(new URLSearchParams(searchStr).get('version')) || 0 })
  const current = wanted || versions.data?.items[0]?.version || 0
  if (versions.isError && !versions.data) return <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
  if (!versions.data) return <SkeletonLines lines={6} label="Loading versions" />
  return (
    <div className={styles.versions}>
      <nav aria-label="Versions">
        <ol className={styles.list}>
          {versions.data.items.map(item => (
            <li key={item.version}>
              <AppLink
                className={styles.item}
                href={`${entityPath(name)}/versions?version=${item.version}`}
                replace
                aria-current={item.version === current ? 'true' : undefined}
              >
                <span className={styles.line}>
                  <span className={styles.number}>Version {item.version}</span>
                  <span className={styles.when}>
                    <RelativeTime at={item.at} />
                  </span>
                </span>
                <span className={styles.line}>
                  <span className={styles.cause} data-cause={item.cause}>
                    {CAUSES[item.cause] ?? item.cause}
                  </span>
                  {item.actor && <span className={styles.actor}>by {item.actor}</span>}
                </span>
                {item.location && (
                  <span className={styles.place} title={readTarget(item.location)}>
                    {shortenPath(readTarget(item.location))}
                  </span>
                )}
              </AppLink>
            </li>
          ))}
        </ol>
      </nav>
      <section className={styles.text} aria-label={`Version ${current}`}>
        <VersionText name={name} version={current} before={getVersionBefore(versions.data.items, current)} />
      </section>
    </div>
  )
}

function getVersionBefore(items: EntityVersion[], version: number): number {
  return Math.max(0, ...items.map(item => item.version).filter(each => each < version))
}

function VersionText({ name, version, before }: { name: EntityName; version: number; before: number }) {
  const entity = useVersion(name, version)
  const former = useVersion(name, before)
  if (entity.isError) return <ErrorState error={entity.error} onRetry={() => void entity.refetch()} />
  if (!entity.data || (before > 0 && former.isPending)) return <SkeletonLines lines={10} label={`Loading version ${version}`} />
  return (
    <>
      {former.data && <p className={styles.note}>Marked: what has changed since version {before}.</p>}
      <EntityText entity={entity.data} before={former.data} format="yaml" />
    </>
  )
}
