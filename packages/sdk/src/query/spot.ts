/** What is being typed at a position of a query, and the stretch of the text that a completion replaces. */
export type Spot = {
  type: 'key' | 'value' | 'bound' | 'sort' | 'state' | 'nothing'
  /** The key before a value or a bound. */
  key: string
  /** What stands before the position, without quotes. */
  prefix: string
  from: number
  to: number
  /** The query without the term that is being typed; nothing while the term stands in parentheses, which ask about something else. */
  rest: string
}

const OPERATOR = /^(:|[<>]=?)/

/**
 * Tells what is being typed; the text need not be a query yet.
 *
 * @example
 * findSpot('kind:api owner:te', 17) // { type: 'value', key: 'owner', prefix: 'te', from: 15, to: 17, rest: 'kind:api ' }
 */
export function findSpot(text: string, position: number): Spot {
  const marks = markText(text, position)
  const from = marks.valueStart ?? marks.keyStart
  const to = findEnd(text, position, marks)
  const raw = text.slice(from, position)
  const termEnd = findEnd(text, position, { ...marks, valueStart: marks.valueStart ?? 0, isWholeTerm: true })
  const rest = marks.depth > 0 ? '' : text.slice(0, marks.termStart) + text.slice(termEnd)
  const prefix = raw.replace(/\\([^])/g, '$1').replaceAll('"', '')
  const key = text.slice(marks.keyStart, marks.keyEnd ?? marks.keyStart).replaceAll('"', '')
  return { type: typeOf(marks, key, raw), key, prefix, from, to, rest }
}

type Marks = {
  /** How many parentheses are open. */
  depth: number
  /** Where the term begins, its "-" included. */
  termStart: number
  keyStart: number
  keyEnd: number | undefined
  valueStart: number | undefined
  isBound: boolean
  inQuotes: boolean
  isWholeTerm?: boolean
}

/** One walk over the text before the position. */
function markText(text: string, position: number): Marks {
  let marks = startTerm(0, 0)
  for (let at = 0; at < position; at++) {
    const character = text[at] ?? ''
    if (marks.inQuotes) {
      if (character === '\\') at++
      else if (character === '"') marks.inQuotes = false
    } else if (character === '"') marks.inQuotes = true
    else if (/[\s()]/.test(character)) marks = startTerm(at + 1, marks.depth + depthOf(character))
    else if (character === '-' && marks.keyStart === at) marks.keyStart = at + 1
    else if (marks.valueStart === undefined) {
      const operator = OPERATOR.exec(text.slice(at, at + 2))?.[0]
      if (operator) marks = { ...marks, keyEnd: at, valueStart: at + operator.length, isBound: operator !== ':' }
      if (operator && operator.length === 2) at++
    } else if (character === ',' && !marks.isBound) marks.valueStart = at + 1
  }
  return marks.valueStart !== undefined && marks.valueStart > position ? { ...marks, valueStart: position } : marks
}

function depthOf(character: string): number {
  return character === '(' ? 1 : character === ')' ? -1 : 0
}

function startTerm(at: number, depth: number): Marks {
  return { depth, termStart: at, keyStart: at, keyEnd: undefined, valueStart: undefined, isBound: false, inQuotes: false }
}

/** Where the word that is being typed ends; of a whole term, commas and operators belong to it. */
function findEnd(text: string, position: number, { inQuotes, valueStart, isWholeTerm }: Marks): number {
  let isQuoted = inQuotes
  for (let at = position; at < text.length; at++) {
    const character = text[at] ?? ''
    if (isQuoted && character === '\\') at++
    else if (character === '"') isQuoted = !isQuoted
    else if (!isQuoted && /[\s()]/.test(character)) return at
    else if (!isQuoted && !isWholeTerm && (valueStart === undefined ? /[:<>]/ : /,/).test(character)) return at
  }
  // why: a quote that is still open would take the rest of the query with it.
  return isQuoted ? position : text.length
}

function typeOf({ valueStart, isBound }: Marks, key: string, raw: string): Spot['type'] {
  if (valueStart === undefined) return raw.startsWith('@') ? 'nothing' : 'key'
  if (isBound) return 'bound'
  const name = key.toLowerCase()
  return name === 'sort' ? 'sort' : name === 'is' ? 'state' : 'value'
}
