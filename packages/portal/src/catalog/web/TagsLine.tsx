import { Tag } from '@callboard/ui/Tag'
import { getCatalogHref } from './catalogSearch.ts'
import styles from './TagsLine.module.css'

const ROOM = 172
const TAG_FRAME = 22
const CHARACTER = 6.4

/** Tags in one line; those that do not fit are counted. */
export function TagsLine({ tags, kind }: { tags: string[]; kind: string }) {
  const shown = countFitting(tags)
  const hidden = tags.slice(shown)
  return (
    <span className={styles.line}>
      {tags.slice(0, shown).map(tag => (
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

/** How many whole tags a column holds, judged by their letters (px): measuring would need a second layout. At least one. */
function countFitting(tags: string[]): number {
  let room = ROOM
  const first = tags.findIndex(tag => (room -= TAG_FRAME + tag.length * CHARACTER) < 0)
  return first === -1 ? tags.length : Math.max(1, first)
}
