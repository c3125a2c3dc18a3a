import { QUERY_ERRORS } from './errors.ts'
import { defineErrors } from '../errors.ts'
import { escapePattern } from './pattern.ts'
import { allOf, anyOf, negate, type QueryNode } from './tree.ts'

const MAX_DEPTH = 50
const MAX_CONDITIONS = 1000

const errors = defineErrors(QUERY_ERRORS)

type JsonNode = { [key: string]: unknown }
type Budget = { conditions: number }

/**
 * Reads the `query` of Backstage's POST endpoints: paths with what they must be, `$all`, `$any` and `$not`. Keys and values
 * are compared in lower case, as everywhere in the catalog.
 *
 * @throws PortalError that names the JSON path of the fault, such as `query.$all[1].kind`
 * @example
 * parsePredicate({ $all: [{ kind: 'component' }, { $not: { 'spec.type': { $in: ['website', 'library'] } } }] })
 */
export function parsePredicate(value: unknown): QueryNode {
  if (!isJsonNode(value)) throw errors.QUERY_PREDICATE_ROOT()
  return readPredicate(value, 'query', 0, { conditions: 0 })
}

function readPredicate(value: unknown, path: string, depth: number, budget: Budget): QueryNode {
  if (!isJsonNode(value)) throw fault(path, 'expected an object with paths, or one of $all, $any and $not')
  if (depth > MAX_DEPTH) throw fault(path, `predicates are nested more than ${MAX_DEPTH} deep`)
  const operator = Object.keys(value).find(key => key.startsWith('$'))
  if (operator === undefined) {
    return allOf(Object.entries(value).map(([key, matcher]) => readMatcher(key, matcher, at(path, key), budget)))
  }
  if (Object.keys(value).length > 1) throw fault(at(path, operator), 'an operator stands alone in its object')
  const operand = value[operator]
  if (operator === '$not') return negate(readPredicate(operand, at(path, operator), depth + 1, budget))
  if (operator !== '$all' && operator !== '$any') {
    throw fault(at(path, operator), 'unknown operator; known here are $all, $any and $not')
  }
  if (!Array.isArray(operand)) throw fault(at(path, operator), 'expected a list of predicates')
  const nodes = operand.map((each, index) => readPredicate(each, `${at(path, operator)}[${index}]`, depth + 1, budget))
  return operator === '$all' ? allOf(nodes) : anyOf(nodes)
}

/** What the field at one path must be. */
function readMatcher(key: string, matcher: unknown, path: string, budget: Budget): QueryNode {
  const field = key.trim().toLowerCase()
  if (!field) throw fault(path, 'the path of a field is empty')
  if (++budget.conditions > MAX_CONDITIONS) throw fault(path, `the query has more than ${MAX_CONDITIONS} conditions`)
  if (isPrimitive(matcher)) return equals(field, [matcher])
  const [operator = '', ...more] = isJsonNode(matcher) ? Object.keys(matcher) : []
  if (!isJsonNode(matcher) || operator === '' || more.length > 0) {
    throw fault(path, 'expected a text, number or boolean, or exactly one of $exists, $in, $hasPrefix and $contains')
  }
  return readOperator(field, operator, matcher[operator], at(path, operator))
}

function readOperator(field: string, operator: string, operand: unknown, path: string): QueryNode {
  switch (operator) {
    case '$exists': {
      if (typeof operand !== 'boolean') throw fault(path, 'expected true or false')
      const exists: QueryNode = { type: 'field', field, op: 'exists' }
      return operand ? exists : negate(exists)
    }
    case '$in':
      return equals(field, readPrimitives(operand, path))
    case '$hasPrefix':
      if (typeof operand !== 'string') throw fault(path, 'expected a text')
      return { type: 'field', field, op: 'match', patterns: [`${escapePattern(operand.toLowerCase())}*`] }
    case '$contains':
      return isPrimitive(operand) ? equals(field, [operand]) : readRelation(field, operand, path)
    default:
      throw fault(path, 'unknown operator; known here are $exists, $in, $hasPrefix and $contains')
  }
}

/** `{ relations: { $contains: { type, targetRef } } }`: objects in any other list cannot be asked about. */
function readRelation(field: string, operand: unknown, path: string): QueryNode {
  if (!isJsonNode(operand)) throw fault(path, 'expected a text, number or boolean, or for relations {type, targetRef}')
  if (field !== 'relations') throw fault(path, 'objects are looked for in relations only')
  const strange = Object.keys(operand).find(key => key !== 'type' && key !== 'targetRef')
  if (strange !== undefined) throw fault(at(path, strange), 'a relation is described by type and targetRef only')
  const { type, targetRef } = operand
  if (typeof type !== 'string' || type === '') throw fault(at(path, 'type'), 'expected the name of a relation')
  const relation = `relations.${type.toLowerCase()}`
  if (targetRef === undefined) return { type: 'field', field: relation, op: 'exists' }
  if (typeof targetRef === 'string') return equals(relation, [targetRef])
  if (!isJsonNode(targetRef) || Object.keys(targetRef).join() !== '$in') {
    throw fault(at(path, 'targetRef'), 'expected a ref, or {"$in": [refs]}')
  }
  return equals(relation, readPrimitives(targetRef.$in, at(at(path, 'targetRef'), '$in')))
}

function readPrimitives(value: unknown, path: string): Primitive[] {
  if (!Array.isArray(value)) throw fault(path, 'expected a list')
  const strange = value.findIndex(each => !isPrimitive(each))
  if (strange >= 0) throw fault(`${path}[${strange}]`, 'expected a text, number or boolean')
  return value
}

function equals(field: string, values: Primitive[]): QueryNode {
  if (values.length === 0) return anyOf([])
  return { type: 'field', field, op: 'in', values: [...new Set(values.map(each => String(each).toLowerCase()))] }
}

type Primitive = string | number | boolean

function isPrimitive(value: unknown): value is Primitive {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}

function isJsonNode(value: unknown): value is JsonNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function at(path: string, key: string): string {
  return /^\$?\w+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
}

function fault(path: string, reason: string) {
  return errors.QUERY_PREDICATE_INVALID({ path, reason })
}
