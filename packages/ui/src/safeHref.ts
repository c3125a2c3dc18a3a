/** The address if a page may link to it: http(s), mailto or a path of the portal; nothing else, such as `javascript:`. */
export function findSafeHref(href: string): string | undefined {
  const text = href.trim()
  // why: browsers drop line breaks and tabs from an address, so that "/<tab>/evil.example" leaves the portal.
  if (/\p{Cc}/u.test(text)) return undefined
  if (/^\/(?![/\\])/.test(text)) return text
  if (!/^(https?|mailto):/i.test(text)) return undefined
  return URL.canParse(text) ? text : undefined
}
