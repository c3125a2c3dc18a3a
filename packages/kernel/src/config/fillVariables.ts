/** Texts with every variable filled in and the values that were used, or the name of the first variable that is not set. */
export type FilledText = { text: string; used: string[] } | { missing: string }

/**
 * Fills `${NAME}` and `${NAME:-otherwise}`; `$${NAME}` stays as `${NAME}`. Values are trimmed.
 *
 * @example
 * fillVariables('http://${HOST:-localhost}', {}) // { text: 'http://localhost', used: [] }
 */
export function fillVariables(text: string, env: NodeJS.ProcessEnv): FilledText {
  const used: string[] = []
  const parts = text.split(/(\$?\$\{[^{}]*\})/)
  for (let index = 1; index < parts.length; index += 2) {
    const part = parts[index] ?? ''
    if (part.startsWith('$$')) {
      parts[index] = part.slice(1)
      continue
    }
    const [, name = '', otherwise] = /^\$\{\s*(.*?)(?::-(.*))?\}$/s.exec(part) ?? []
    const value = env[name.trim()]?.trim()
    if (value) used.push(value)
    const filled = value || (otherwise?.trim() ?? value)
    if (filled === undefined) return { missing: name.trim() }
    parts[index] = filled
  }
  return { text: parts.join(''), used }
}
