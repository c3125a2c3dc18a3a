import { stringifyEntityRef, type EntityName } from '@callboard/sdk/entityRef'
import { AppLink } from '@callboard/ui/AppLink'
import { EmptyState } from '@callboard/ui/EmptyState'
import { getKindLabel } from '@callboard/ui/kindLabel'
import { Button } from '@mantine/core'
import { IconZoomQuestion } from '@tabler/icons-react'
import { getCatalogHref } from './catalogSearch.ts'
import styles from './MissingEntity.module.css'
import { ProblemItem } from './ProblemItem.tsx'
import { useProblems } from './problems.ts'

/** For an entity that is not there: why, as far as the catalog knows, and where to look instead. */
export function MissingEntity({ name: { kind, namespace, name } }: { name: EntityName }) {
  const ref = stringifyEntityRef({ kind, namespace, name })
  const problems = useProblems(ref).data?.items ?? []
  const words = name.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
  return (
    <EmptyState
      level="h1"
      title={`There is no ${getKindLabel(kind)} called ${name}`}
      icon={<IconZoomQuestion size={22} stroke={1.5} />}
      actions={
        <>
          <Button component={AppLink} href={getCatalogHref({ q: words, kind: 'all' })} size="sm">
            Search the catalog for it
          </Button>
          <Button component={AppLink} href={getCatalogHref({ kind: kind.toLowerCase() })} size="sm" variant="default">
            All {getKindLabel(kind, true)}
          </Button>
        </>
      }
    >
      <p>
        The catalog does not have <code className={styles.ref}>{ref}</code>, or you may not see it. It may have been removed or
        renamed.
      </p>
      {problems.length > 0 && (
        <div className={styles.problems}>
          {problems.map((problem, index) => (
            <ProblemItem key={index} problem={problem} within="entity" />
          ))}
        </div>
      )}
    </EmptyState>
  )
}
