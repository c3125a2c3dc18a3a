/**
 * Splits a pattern at its wildcards into plain text.
 *
 * @example
 * splitPattern('pay*-api') // ['pay', '-api']
 * splitPattern('exactly') // ['exactly']
 */
export function splitPattern(pattern: string): string[] {
  const pieces = ['']
  for (const [part] of pattern.matchAll(/\\[^]|[^]/g)) {
    if (part === '*') pieces.push('')
    else pieces.push((pieces.pop() ?? '') + (part.length > 1 && part.startsWith('\\') ? part.slice(1) : part))
  }
  return pieces
}

/** The pattern that matches exactly this text. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*]/g, '\\$&')
}

export function hasWildcard(pattern: string): boolean {
  return splitPattern(pattern).length > 1
}
