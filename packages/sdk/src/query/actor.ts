import { escapePattern } from './pattern.ts'
import { allOf, anyOf, negate, type QueryNode } from './tree.ts'

/** The value that stands for the refs of whoever asks. */
export const ACTOR = '@me'

/**
 * Puts the actor's refs in the place of every `@me`. Without any refs, `@me` matches nothing.
 *
 * @param refs canonical: the actor's user entity and the groups it speaks for
 * @example
 * bindActor(parseQuery('owner:@me').where, ['user:default/jane', 'group:default/team-a'])
 */
export function bindActor(node: QueryNode, refs: readonly string[]): QueryNode {
  if (node.type === 'all') return allOf(node.of.map(child => bindActor(child, refs)))
  if (node.type === 'any') return anyOf(node.of.map(child => bindActor(child, refs)))
  if (node.type === 'not') return negate(bindActor(node.of, refs))
  if (node.type === 'hop') return { ...node, to: bindActor(node.to, refs) }
  if (node.type !== 'field' || !node.field.startsWith('relations.')) return node
  if (node.op === 'in' && node.values.includes(ACTOR)) {
    const values = unique(node.values.flatMap(value => (value === ACTOR ? refs : [value])))
    return values.length ? { ...node, values } : anyOf([])
  }
  if (node.op === 'match' && node.patterns.includes(ACTOR)) {
    const patterns = unique(node.patterns.flatMap(pattern => (pattern === ACTOR ? refs.map(escapePattern) : [pattern])))
    return patterns.length ? { ...node, patterns } : anyOf([])
  }
  return node
}

function unique(items: string[]): string[] {
  return [...new Set(items)]
}
