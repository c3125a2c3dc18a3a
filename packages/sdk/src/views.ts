/**
 * Views: what a card or page shows, as data. The portal draws them, so that a plugin needs no browser code.
 * A cell or value that starts a link is written `{ text, href }`; hrefs are http(s), mailto or paths of the portal.
 */
export type Cell = string | number | boolean | null | { text: string; href: string }

export type TextView = { view: 'text'; text: string }
export type TableView = { view: 'table'; columns: string[]; rows: Cell[][] }
export type StatView = { view: 'stat'; stats: { label: string; value: string | number; hint?: string }[] }
export type ListView = { view: 'list'; items: Cell[] }
export type LinksView = { view: 'links'; links: { title: string; href: string }[] }
export type StatusView = { view: 'status'; items: { level: 'ok' | 'info' | 'warning' | 'error'; label: string; text?: string }[] }
export type TimelineView = { view: 'timeline'; items: { at: string; title: string; text?: string; href?: string }[] }
export type CodeView = { view: 'code'; code: string; language?: string }
export type StackView = { view: 'stack'; views: View[] }

export type View = TextView | TableView | StatView | ListView | LinksView | StatusView | TimelineView | CodeView | StackView

/** A paragraph of plain text; line breaks are kept. */
export function text(value: string): TextView {
  return { view: 'text', text: value }
}

/**
 * A table. Rows are objects; the columns are those of the first row unless they are named.
 *
 * @example
 * table([{ month: 'May', cost: 12 }]) // columns month and cost
 */
export function table(rows: Record<string, Cell>[], columns: string[] = Object.keys(rows[0] ?? {})): TableView {
  return { view: 'table', columns, rows: rows.map(row => columns.map(column => row[column] ?? null)) }
}

/** Big figures with a label each. */
export function stat(...stats: StatView['stats']): StatView {
  return { view: 'stat', stats }
}

/** A plain list. */
export function list(items: Cell[]): ListView {
  return { view: 'list', items }
}

/** A list of links. */
export function links(items: LinksView['links']): LinksView {
  return { view: 'links', links: items }
}

/** Lights with a label: ok, info, warning or error. */
export function status(items: StatusView['items']): StatusView {
  return { view: 'status', items }
}

/** Events in time, newest first as given. `at` is an ISO 8601 date. */
export function timeline(items: TimelineView['items']): TimelineView {
  return { view: 'timeline', items }
}

/** Preformatted text. */
export function code(value: string, language?: string): CodeView {
  return language ? { view: 'code', code: value, language } : { view: 'code', code: value }
}

/** Several views below each other. */
export function stack(...views: View[]): StackView {
  return { view: 'stack', views }
}
