import type { Cell, StatusView, TimelineView, View } from '@callboard/sdk/views'
import { AppLink } from './AppLink.tsx'
import { CodeBlock } from './CodeBlock.tsx'
import { RelativeTime } from './RelativeTime.tsx'
import styles from './ViewRenderer.module.css'

/** Draws what a card or a page of a plugin returned. */
export function ViewRenderer({ view, title }: { view: View; title: string }) {
  switch (view.view) {
    case 'text':
      return <p className={styles.text}>{view.text}</p>
    case 'table':
      return <TableOfCells columns={view.columns} rows={view.rows} title={title} />
    case 'stat':
      return <Stats stats={view.stats} />
    case 'list':
      return (
        <ul className={styles.list}>
          {view.items.map((item, index) => (
            <li key={index}>
              <CellText cell={item} />
            </li>
          ))}
        </ul>
      )
    case 'links':
      return (
        <ul className={styles.list}>
          {view.links.map((link, index) => (
            <li key={index}>
              <CellText cell={{ text: link.title, href: link.href }} />
            </li>
          ))}
        </ul>
      )
    case 'status':
      return <Lights items={view.items} />
    case 'timeline':
      return <Events items={view.items} />
    case 'code':
      return <CodeBlock code={view.code} language={view.language} label={title} />
    case 'stack':
      return (
        <div className={styles.stack}>
          {view.views.map((each, index) => (
            <ViewRenderer key={index} view={each} title={title} />
          ))}
        </div>
      )
    default:
      return <p className={styles.text}>This portal cannot draw a view of this type yet.</p>
  }
}

function CellText({ cell }: { cell: Cell }) {
  if (cell === null) return <span className={styles.none}>–</span>
  if (typeof cell !== 'object') return <>{String(cell)}</>
  return (
    <AppLink className={styles.link} href={cell.href}>
      {cell.text}
    </AppLink>
  )
}

function TableOfCells({ columns, rows, title }: { columns: string[]; rows: Cell[][]; title: string }) {
  const isNumeric = columns.map((_, index) => rows.every(row => typeof row[index] === 'number'))
  return (
    <div className={styles.scroll} tabIndex={0} role="group" aria-label={title}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={column} scope="col" data-numeric={isNumeric[index] || undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((column, at) => (
                <td key={column} data-numeric={isNumeric[at] || undefined}>
                  <CellText cell={row[at] ?? null} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Stats({ stats }: { stats: { label: string; value: string | number; hint?: string }[] }) {
  return (
    <dl className={styles.stats}>
      {stats.map(({ label, value, hint }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className={styles.figure}>{typeof value === 'number' ? value.toLocaleString('en') : value}</dd>
          {hint && <dd className={styles.hint}>{hint}</dd>}
        </div>
      ))}
    </dl>
  )
}

function Lights({ items }: { items: StatusView['items'] }) {
  return (
    <ul className={styles.lights}>
      {items.map(({ level, label, text }, index) => (
        <li key={index}>
          <span className={styles.light} data-level={level} />
          <span>
            {label}
            <span className="cb-hidden">: {level}</span>
          </span>
          {text && <span className={styles.hint}>{text}</span>}
        </li>
      ))}
    </ul>
  )
}

function Events({ items }: { items: TimelineView['items'] }) {
  return (
    <ol className={styles.events}>
      {items.map(({ at, title, text, href }, index) => (
        <li key={index}>
          <div className={styles.event}>
            <CellText cell={href ? { text: title, href } : title} />
            <span className={styles.hint}>
              <RelativeTime at={at} />
            </span>
          </div>
          {text && <p className={styles.hint}>{text}</p>}
        </li>
      ))}
    </ol>
  )
}
