import { entityPath } from '@callboard/sdk/entityRef'
import { AppLink } from '@callboard/ui/AppLink'
import { KindIcon } from '@callboard/ui/KindIcon'
import { Skeleton } from '@callboard/ui/Skeleton'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { CatalogRow, CatalogRows } from './catalogRows.ts'
import { changeSearch, getCatalogHref, type CatalogSearch, type SortKey } from './catalogSearch.ts'
import type { KindColumn } from '../kinds/kindDefinition.ts'
import { getColumns } from './columns.tsx'
import styles from './EntityTable.module.css'

const SKELETON_ROWS = 12

type Props = { search: CatalogSearch; data: CatalogRows | undefined; columns: KindColumn[] }

/** The rows on a wide screen. A whole row leads to its entity. */
export function EntityTable({ search, data, columns: ofKind }: Props) {
  const columns = getColumns(search, ofKind)
  return (
    <table className={styles.table}>
      <caption className="cb-hidden">Entities of the catalog</caption>
      <colgroup>
        <col />
        {columns.map(column => (
          <col key={column.title} style={{ width: column.width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          <Heading title="Name" sort="name" search={search} />
          {columns.map(column => (
            <Heading key={column.title} title={column.title} sort={column.sort} search={search} />
          ))}
        </tr>
      </thead>
      <tbody>
        {data?.rows.map(row => (
          <tr key={row.ref} className={styles.row}>
            <td>
              <Name row={row} />
            </td>
            {columns.map(column => (
              <td key={column.title}>{column.draw(row, data.titles)}</td>
            ))}
          </tr>
        ))}
        {!data &&
          Array.from({ length: SKELETON_ROWS }, (_, index) => (
            <tr key={index} aria-hidden>
              <td>
                <Skeleton width={140 + ((index * 37) % 90)} />
              </td>
              {columns.map(column => (
                <td key={column.title}>
                  <Skeleton width="60%" />
                </td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  )
}

function Name({ row }: { row: CatalogRow }) {
  return (
    <span className={styles.name}>
      <KindIcon kind={row.kind} size={16} tile />
      <span className={styles.texts}>
        <AppLink className={styles.title} href={entityPath(row.ref)} title={row.title}>
          {row.title}
        </AppLink>
        <span className={styles.second} title={row.description || row.name}>
          {row.description || row.name}
        </span>
      </span>
    </span>
  )
}

function Heading({ title, sort, search }: { title: string; sort: SortKey | undefined; search: CatalogSearch }) {
  if (!sort) return <th scope="col">{title}</th>
  const isSorted = search.sort === sort
  const Arrow = search.descending ? IconArrowDown : IconArrowUp
  return (
    <th scope="col" aria-sort={isSorted ? (search.descending ? 'descending' : 'ascending') : 'none'}>
      <AppLink
        className={styles.sort}
        href={getCatalogHref(changeSearch(search, { sort, descending: isSorted && !search.descending }))}
      >
        {title}
        {isSorted && <Arrow size={13} stroke={2} aria-hidden />}
      </AppLink>
    </th>
  )
}
