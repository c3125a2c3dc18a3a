import { stringifyEntityRef } from '@callboard/sdk/entityRef'
import { EmptyState } from '@callboard/ui/EmptyState'
import { ErrorState } from '@callboard/ui/ErrorState'
import { getEntityTitle } from '@callboard/ui/entityTitle'
import { ApiError } from '@callboard/ui/fetchJson'
import { SkeletonLines } from '@callboard/ui/Skeleton'
import { usePageTitle } from '@callboard/ui/usePageTitle'
import { IconZoomQuestion } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { EntityHeader } from './EntityHeader.tsx'
import { EntityOverview } from './EntityOverview.tsx'
import styles from './EntityPage.module.css'
import { useEntity } from './entityQueries.ts'
import { EntityTabs, listTabs } from './EntityTabs.tsx'
import { MissingEntity } from './MissingEntity.tsx'
import { PluginTab, usePluginTabs } from './PluginTab.tsx'

const SourceTab = lazy(() => import('./SourceTab.tsx').then(module => ({ default: module.SourceTab })))
const VersionsTab = lazy(() => import('./VersionsTab.tsx').then(module => ({ default: module.VersionsTab })))
const DefinitionTab = lazy(() => import('./DefinitionTab.tsx').then(module => ({ default: module.DefinitionTab })))

/** `/catalog/:namespace/:kind/:name`: one entity. */
export function EntityPage() {
  const { namespace = 'default', kind = '', name = '', tab = '' } = useParams({ strict: false })
  const entityName = { namespace, kind, name }
  const query = useEntity(entityName)
  const entity = query.data
  const ref = stringifyEntityRef(entityName)
  const pluginTabs = usePluginTabs(ref)
  const pluginTab = pluginTabs.find(({ path }) => path === tab)
  const tabs = entity ? listTabs(entity, pluginTabs) : []
  const current = tabs.find(({ path }) => path === tab)
  const title = entity ? getEntityTitle(entity) : name
  usePageTitle(current && tab ? `${title} – ${current.title}` : title)

  if (query.isError && !entity) {
    if (query.error instanceof ApiError && query.error.status === 404) return <MissingEntity name={entityName} />
    return (
      <div className={styles.page}>
        <h1 className="cb-hidden">{name}</h1>
        <ErrorState error={query.error} title="This entity could not be read." onRetry={() => void query.refetch()} />
      </div>
    )
  }
  if (!entity) {
    return (
      <div className={styles.page}>
        <h1 className="cb-hidden">{name}</h1>
        <SkeletonLines lines={10} label={`Loading ${name}`} />
      </div>
    )
  }
  return (
    <div className={styles.page}>
      <EntityHeader entity={entity} />
      <EntityTabs name={entityName} tabs={tabs} current={tab} />
      <Suspense fallback={<SkeletonLines lines={8} />}>
        {tab === '' && <EntityOverview entity={entity} />}
        {tab === 'definition' && current && <DefinitionTab entity={entity} />}
        {tab === 'source' && <SourceTab entity={entity} />}
        {pluginTab && <PluginTab key={pluginTab.path} tab={pluginTab} entityRef={ref} />}
        {tab === 'versions' && <VersionsTab name={entityName} />}
      </Suspense>
      {!current && (
        <EmptyState title={`${title} has no tab called ${tab}`} icon={<IconZoomQuestion size={22} stroke={1.5} />}>
          The tabs above are the ones that it has.
        </EmptyState>
      )}
    </div>
  )
}
