/** A URL for a sentence: without user, password, query values and fragment. */
export function showUrl(url: URL | string): string {
  if (typeof url === 'string' && !URL.canParse(url)) return url.replace(/\/\/[^/@\s]*@/, '//').replace(/[?#].*$/s, '')
  const shown = new URL(url)
  shown.username = ''
  shown.password = ''
  // why: a query may hold a token; the path is what tells people which file it is.
  shown.search = ''
  shown.hash = ''
  return shown.href
}
