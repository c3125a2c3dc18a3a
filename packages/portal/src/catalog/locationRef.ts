export type LocationRef = { type: string; target: string }

/** A location whose entity may be named after the `<type>:<target>` that it was first registered with. */
export type NamedLocation = LocationRef & { namedAfter?: string | null }

/**
 * Reads `<type>:<target>`.
 *
 * @throws TypeError when a part is missing, the type is a bare http(s), or the target is a script URL
 */
export function parseLocationRef(ref: string): LocationRef {
  const colon = ref.indexOf(':')
  const type = ref.slice(0, Math.max(0, colon)).trim()
  const target = ref.slice(colon + 1).trim()
  if (colon < 0 || !type || !target) {
    throw new TypeError(`Unable to parse location ref '${ref}', expected '<type>:<target>', e.g. 'url:https://host/path'`)
  }
  if (type === 'http' || type === 'https') {
    throw new TypeError(`Invalid location ref '${ref}', please prefix it with 'url:', e.g. 'url:${ref}'`)
  }
  if (isScriptUrl(target)) throw new TypeError(`Invalid location ref '${ref}', target is a javascript: URL`)
  return { type, target }
}

/** Browsers ignore control characters and white space inside the scheme. */
export function isScriptUrl(url: string): boolean {
  // oxlint-disable-next-line no-control-regex -- why: control characters are what hides the scheme
  return /^javascript:/i.test(url.replaceAll(/[\u0000-\u0020]/g, ''))
}

export function stringifyLocationRef({ type, target }: LocationRef): string {
  return `${type}:${target}`
}
