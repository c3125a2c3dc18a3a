type Place = { location: string | null; line: number | null; column: number | null }

/** `path/to/catalog-info.yaml:20:3`, without the type of the location. */
export function describePlace({ location, line, column }: Place): string {
  if (!location) return ''
  return [readTarget(location), line, line === null ? null : column].filter(part => part !== null).join(':')
}

/** `line 20, column 3`, for a list in which the file is known. */
export function describeLine({ line, column }: Place): string {
  if (line === null) return ''
  return column === null ? `line ${line}` : `line ${line}, column ${column}`
}

/** The address or path in a location such as `url:https://…` or `file:/…`. */
export function readTarget(location: string): string {
  return location.replace(/^(url|file):(?!\/\/)/, '')
}

/** The last parts of a long path, for a narrow place. */
export function shortenPath(target: string): string {
  const parts = target.split('/').filter(Boolean)
  return parts.length > 3 ? `…/${parts.slice(-3).join('/')}` : target
}
