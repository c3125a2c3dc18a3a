import { EntityLink } from '@callboard/ui/EntityLink'
import { getKindLabel } from '@callboard/ui/kindLabel'
import type { ReactNode } from 'react'
import type { CatalogRow } from './catalogRows.ts'
import type { CatalogSearch, SortKey } from './catalogSearch.ts'
import type { KindColumn } from '../kinds/kindDefinition.ts'
import styles from './columns.module.css'
import type { Titles } from './fetchTitles.ts'
import { Lifecycle } from './Lifecycle.tsx'
import { TagsLine } from './TagsLine.tsx'

export type Column = {
  title: string
  width: string
  sort?: SortKey
  draw: (row: CatalogRow, titles: Titles) => ReactNode
}

const plain = (text: string) => <span title={text}>{text || <None />}</span>

const KIND: Column = { title: 'Kind', width: '10%', sort: 'kind', draw: row => getKindLabel(row.kind) }
const SYSTEM: Column = {
  title: 'System',
  width: '14%',
  sort: 'system',
  draw: (row, titles) => <Refs refs={row.systems} titles={titles} />,
}
const OWNER: Column = {
  title: 'Owner',
  width: '15%',
  sort: 'owner',
  draw: (row, titles) => <Refs refs={row.owners} titles={titles} />,
}
const TYPE: Column = { title: 'Type', width: '9.5%', sort: 'type', draw: row => plain(row.type) }
const LIFECYCLE: Column = {
  title: 'Lifecycle',
  width: '11%',
  sort: 'lifecycle',
  draw: row => (row.lifecycle ? <Lifecycle name={row.lifecycle} /> : <None />),
}
const TAGS: Column = {
  title: 'Tags',
  width: '17.5%',
  draw: row => (row.tags.length ? <TagsLine tags={row.tags} kind={row.kind} /> : <None />),
}
const TARGETS: Column = { title: 'Targets', width: '40%', draw: row => plain(row.targets.join(', ')) }

const BY_KIND: Record<string, Column[]> = {
  all: [KIND, OWNER, TYPE, LIFECYCLE, TAGS],
  domain: [OWNER, TAGS],
  system: [OWNER, TYPE, TAGS],
  user: [TAGS],
  group: [TYPE, TAGS],
  template: [TYPE, OWNER, TAGS],
  location: [TYPE, TARGETS],
  resource: [SYSTEM, OWNER, TYPE, TAGS],
}

/** The columns behind the name: those that the kind wants, or as Backstage has them. */
export function getColumns(search: CatalogSearch, ofKind: KindColumn[]): Column[] {
  const own = ofKind.map(({ title, field }): Column => ({
    title,
    width: `${60 / ofKind.length}%`,
    draw: row => plain(row.values[field] ?? ''),
  }))
  if (own.length > 0) return own
  return BY_KIND[search.kind] ?? [SYSTEM, OWNER, TYPE, LIFECYCLE, TAGS]
}

function Refs({ refs, titles }: { refs: string[]; titles: Titles }) {
  const [first, ...others] = refs
  if (!first) return <None />
  return (
    <span className={styles.refs}>
      <EntityLink entityRef={first} title={titles.get(first)?.title} icon={false} />
      {others.length > 0 && (
        <span className={styles.more} title={others.join(', ')}>
          +{others.length}
        </span>
      )}
    </span>
  )
}

function None() {
  return <span className={styles.none}>–</span>
}
