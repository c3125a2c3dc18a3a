import { Tag } from '@callboard/ui/Tag'
import { getCatalogHref } from './catalogSearch.ts'
import styles from './TagsLine.module.css'

const MAX_IN_A_LINE = 3

/** Tags in one line; those that do not fit are counted. */
export function TagsLine({ tags, kind, max = MAX_IN_A_LINE }: { tags: string[]; kind: string; max?: number }) {
  const hidden = tags.slice(max)
  return (
    <span className={styles.line}>
      {tags.slice(0, max).map(tag => (
        <Tag key={tag} href={getCatalogHref({ kind: kind.toLowerCase(), tag: [tag] })}>
          {tag}
        </Tag>
      ))}
      {hidden.length > 0 && (
        <span className={styles.more} title={hidden.join(', ')}>
          +{hidden.length}
        </span>
      )}
    </span>
  )
}
