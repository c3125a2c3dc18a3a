import { AppLink } from '@callboard/ui/AppLink'
import { EmptyState } from '@callboard/ui/EmptyState'
import { ErrorState } from '@callboard/ui/ErrorState'
import { Page } from '@callboard/ui/Page'
import { SkeletonLines } from '@callboard/ui/Skeleton'
import { usePageTitle } from '@callboard/ui/usePageTitle'
import { IconCircleCheck } from '@tabler/icons-react'
import { ProblemItem } from './ProblemItem.tsx'
import type { Problem } from '../contract.ts'
import { useProblems } from './problems.ts'
import styles from './ProblemsPage.module.css'
import { readTarget } from './sourcePlace.ts'

/** `/catalog-problems`: everything that is wrong now, file by file. */
export function ProblemsPage() {
  usePageTitle('Problems')
  const problems = useProblems()
  const items = problems.data?.items
  return (
    <Page title="Problems" note={items?.length ? describeCounts(items) : undefined}>
      {problems.isPending && <SkeletonLines lines={8} />}
      {problems.isError && !items && <ErrorState error={problems.error} onRetry={() => void problems.refetch()} />}
      {items?.length === 0 && (
        <EmptyState title="No problems" icon={<IconCircleCheck size={22} stroke={1.5} />}>
          Every file of the catalog was read and understood.{' '}
          <AppLink className={styles.link} href="/catalog">
            Go to the catalog
          </AppLink>
        </EmptyState>
      )}
      {items &&
        groupByFile(items).map(([file, group]) => (
          <section key={file} className={styles.file} aria-label={file}>
            <h2 className={styles.name}>{file}</h2>
            <ul className={styles.list}>
              {group.map((problem, index) => (
                <li key={index}>
                  <ProblemItem problem={problem} within="file" />
                </li>
              ))}
            </ul>
          </section>
        ))}
    </Page>
  )
}

function describeCounts(items: Problem[]): string {
  const errors = items.filter(isError).length
  const warnings = items.length - errors
  return [count(errors, 'error'), count(warnings, 'warning')].filter(Boolean).join(', ')
}

function count(number: number, word: string): string {
  return number ? `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}` : ''
}

function isError(problem: Problem): boolean {
  return problem.level === 'error'
}

function groupByFile(items: Problem[]): [string, Problem[]][] {
  const files = Map.groupBy(items, ({ location }) => (location ? readTarget(location) : 'Without a file'))
  return [...files].map(([file, group]) => [file, group.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0))])
}
