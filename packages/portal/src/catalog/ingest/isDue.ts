import type { SourceRow } from './readSource.ts'

/** What is read from this machine's disk, or not at all. */
export function isNear({ type }: SourceRow): boolean {
  return type === 'file' || type === 'location'
}

/** Files cost a hash, so all of them are looked at; a URL that has been read has its own time. */
export function isDueAtSync(source: SourceRow): boolean {
  return source.type !== 'url' || isUnread(source)
}

/** Never read, or to be read anew. */
export function isUnread(source: SourceRow): boolean {
  return source.hash === null && source.failures === 0 && source.type !== 'plugin'
}
