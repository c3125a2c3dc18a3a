import { entityPath } from '@callboard/sdk/entityRef'
import { AppLink } from './AppLink.tsx'
import styles from './EntityLink.module.css'
import { readRef, shortenRef } from './entityTitle.ts'
import { KindIcon } from './KindIcon.tsx'

type Props = {
  entityRef: string
  /** Left out, the ref itself is shown, as short as it can be. */
  title?: string
  icon?: boolean
  /** The entity is known to be absent: no link. */
  missing?: boolean
}

/** An entity by its name, leading to its page. */
export function EntityLink({ entityRef, title, icon = true, missing = false }: Props) {
  const target = readRef(entityRef)
  const label = title || shortenRef(entityRef)
  const content = (
    <>
      {icon && <KindIcon kind={target.kind} size={15} />}
      <span className={styles.label}>{label}</span>
    </>
  )
  if (missing) {
    return (
      <span className={styles.missing} title={`${entityRef} is not in the catalog`}>
        {content}
        <span className={styles.note}>not in the catalog</span>
      </span>
    )
  }
  return (
    <AppLink className={styles.link} href={entityPath(target)} title={entityRef}>
      {content}
    </AppLink>
  )
}
