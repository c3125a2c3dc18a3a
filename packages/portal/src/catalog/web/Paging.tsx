import { AppLink } from '@callboard/ui/AppLink'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import type { CatalogRows } from './catalogRows.ts'
import { getCatalogHref, PAGE_SIZES, type CatalogSearch } from './catalogSearch.ts'
import styles from './Paging.module.css'

type Props = { search: CatalogSearch; data: CatalogRows; onChange: (change: Partial<CatalogSearch>) => void }

/** Which rows these are, and the way to the ones before and behind. */
export function Paging({ search, data, onChange }: Props) {
  const { rows, totalItems, nextCursor, prevCursor } = data
  const first = (search.page - 1) * search.limit + 1
  const last = first + rows.length - 1
  const smallest = PAGE_SIZES[0] ?? 20
  if (totalItems <= smallest && !prevCursor) return null
  const before = prevCursor && getCatalogHref({ ...search, cursor: prevCursor, page: search.page - 1 })
  const behind = nextCursor && getCatalogHref({ ...search, cursor: nextCursor, page: search.page + 1 })
  return (
    <nav className={styles.paging} aria-label="Pages">
      <label className={styles.size}>
        Rows
        <select value={search.limit} onChange={event => onChange({ limit: Number(event.currentTarget.value) })}>
          {PAGE_SIZES.map(size => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
      <span className={styles.range}>
        {first.toLocaleString('en')}–{last.toLocaleString('en')} of {totalItems.toLocaleString('en')}
      </span>
      <Step href={search.page === 2 ? getCatalogHref({ ...search, cursor: '', page: 1 }) : before} label="Previous page">
        <IconChevronLeft size={16} stroke={1.75} />
      </Step>
      <Step href={behind} label="Next page">
        <IconChevronRight size={16} stroke={1.75} />
      </Step>
    </nav>
  )
}

function Step({ href, label, children }: { href: string; label: string; children: React.ReactNode }) {
  if (!href) {
    return (
      <span className={styles.step} aria-hidden data-off>
        {children}
      </span>
    )
  }
  return (
    <AppLink className={styles.step} href={href} aria-label={label} title={label}>
      {children}
    </AppLink>
  )
}
