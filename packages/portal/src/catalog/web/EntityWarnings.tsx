import { ANNOTATION, type Entity } from '@callboard/sdk/entity'
import { stringifyEntityRef } from '@callboard/sdk/entityRef'
import { IconAlertTriangle } from '@tabler/icons-react'
import styles from './EntityWarnings.module.css'
import type { Titles } from './fetchTitles.ts'
import { ProblemItem } from './ProblemItem.tsx'
import { useProblems } from './problems.ts'

/** What is wrong with an entity: its problems, that nothing refers to it any more, and relations that lead nowhere. */
export function EntityWarnings({ entity, titles }: { entity: Entity; titles: Titles | undefined }) {
  const problems = useProblems(stringifyEntityRef(entity)).data?.items ?? []
  const isOrphan = entity.metadata.annotations?.[ANNOTATION.orphan] === 'true'
  const dangling = [...(titles ?? [])].filter(([, target]) => target === null).map(([ref]) => ref)
  const told = problems.map(problem => problem.message).join('\n')
  const untold = dangling.filter(ref => !told.includes(ref))
  if (!problems.length && !isOrphan && !untold.length) return null
  return (
    <section className={styles.warnings} aria-label="Problems" data-level={problems.some(isError) ? 'error' : 'warning'}>
      {problems.map((problem, index) => (
        <ProblemItem key={index} problem={problem} within="entity" />
      ))}
      {isOrphan && (
        <Note
          title="This entity is an orphan."
          text="No location leads to its file any more. Register the file again, or remove the entity."
        />
      )}
      {untold.length > 0 && (
        <Note
          title={`${untold.length === 1 ? 'One relation leads' : `${untold.length} relations lead`} to what the catalog does not have.`}
          text={`${untold.join(', ')}: add it to the catalog or correct the reference.`}
        />
      )}
    </section>
  )
}

function Note({ title, text }: { title: string; text: string }) {
  return (
    <div className={styles.note}>
      <IconAlertTriangle className={styles.icon} size={17} stroke={1.75} aria-hidden />
      <div className={styles.body}>
        <p className={styles.title}>{title}</p>
        <p className={styles.text}>{text}</p>
      </div>
    </div>
  )
}

function isError({ level }: { level: string }): boolean {
  return level === 'error'
}
