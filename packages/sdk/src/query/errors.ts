import { defineErrors, PortalError, type ErrorDefinition } from '../errors.ts'

/** Every way in which a query or a filter can be wrong. */
export const QUERY_ERRORS = {
  QUERY_OR_ALONE: {
    status: 400,
    sentence: 'There is no term on one side of "or".',
    hint: 'Put a term on both sides; quotes around "or" search for the word.',
  },
  QUERY_NOT_ALONE: {
    status: 400,
    sentence: 'There is no term behind "-".',
    hint: 'Write what to leave out without a space, as in -kind:api.',
  },
  QUERY_PARENTHESIS_NOT_CLOSED: {
    status: 400,
    sentence: 'This parenthesis is never closed.',
    hint: 'Add the missing ")", or put quotes around text that holds a parenthesis.',
  },
  QUERY_PARENTHESIS_NOT_OPENED: {
    status: 400,
    sentence: 'This parenthesis was never opened.',
    hint: 'Remove it, or put quotes around text that holds a parenthesis.',
  },
  QUERY_QUOTE_NOT_CLOSED: {
    status: 400,
    sentence: 'This quote is never closed.',
    hint: 'Add the missing quote; inside quotes \\" is a quote and \\\\ is a backslash.',
  },
  QUERY_QUOTE_EMPTY: {
    status: 400,
    sentence: 'There is nothing between these quotes.',
    hint: 'Write a word, or remove the quotes.',
  },
  QUERY_TOO_DEEP: {
    status: 400,
    sentence: 'The parentheses are nested more than {limit} deep.',
    hint: 'Write the query with fewer parentheses.',
  },
  QUERY_CHARACTER: {
    status: 400,
    sentence: 'The character {character} cannot stand here.',
    hint: 'Put a space between two terms, and quotes around text that holds such characters.',
  },
  QUERY_KEY_MISSING: {
    status: 400,
    sentence: 'There is no field in front of "{operator}".',
    hint: 'Write field, operator and value without spaces, as in spec.replicas>=3.',
  },
  QUERY_KEY_UNKNOWN: { status: 400, sentence: 'There is no field called "{key}".', hint: '' },
  QUERY_WORD_EQUALS: {
    status: 400,
    sentence: 'A field is not asked with "=".',
    hint: 'Write {key}:value, or put quotes around the term to search for its text.',
  },
  QUERY_WORD_WILDCARD: {
    status: 400,
    sentence: 'A word cannot hold the wildcard "*".',
    hint: 'Ask a field instead, as in name:pay*, or put quotes around the word.',
  },
  QUERY_VALUE_MISSING: {
    status: 400,
    sentence: 'There is no value behind "{key}".',
    hint: 'Write {key}value, {key}* for any value, or {key}"" for an empty one.',
  },
  QUERY_BOUND_MISSING: {
    status: 400,
    sentence: 'There is no value behind "{key}".',
    hint: 'Write what to compare with directly behind it, as in {key}3 or {key}2026-06-01.',
  },
  QUERY_VALUE_INVALID: { status: 400, sentence: '"{value}" is not {expected}.', hint: '' },
  QUERY_NOT_COMPARABLE: {
    status: 400,
    sentence: 'The field "{key}" cannot be compared.',
    hint: 'Write {key}:value; numbers, dates and ages can be compared.',
  },
  QUERY_NOT_RELATION: { status: 400, sentence: '"{key}" is not a relation.', hint: '' },
  QUERY_STATE_UNKNOWN: { status: 400, sentence: 'There is no state called "{state}".', hint: 'The states are {states}.' },
  QUERY_NOT_A_CONDITION: {
    status: 400,
    sentence: '"{term}" is about the whole query.',
    hint: 'Write it outside of parentheses and without "-".',
  },
  QUERY_TWO_DATES: {
    status: 400,
    sentence: 'The query has two dates with "@".',
    hint: 'Keep one: a query looks at the catalog at one time.',
  },
  QUERY_FILTER_INVALID: {
    status: 400,
    sentence: "Invalid filter, '{statement}' is not a valid statement (expected a string on the form a=b or a= or a)",
    hint: 'Write the path of a field in front of "=".',
  },
  QUERY_PREDICATE_ROOT: {
    status: 400,
    sentence: 'Query must be an object',
    hint: 'Send {"query": {"kind": "component"}}, for example.',
  },
  QUERY_PREDICATE_INVALID: {
    status: 400,
    sentence: 'Invalid query at {path}: {reason}',
    hint: 'The reference of the API describes the predicates.',
  },
} satisfies Record<string, ErrorDefinition>

export type QueryErrorCode = keyof typeof QUERY_ERRORS

/** A stretch of the query's text; `end` is the first position behind it. */
export type Span = { start: number; end: number }

const makers = defineErrors(QUERY_ERRORS)

/** What is wrong with a query, and where in its text. */
export class QueryError extends PortalError {
  declare readonly code: QueryErrorCode
  /** 0-based, in UTF-16 units, as JavaScript counts. */
  readonly position: number
  /** 0 at the end of the text. */
  readonly length: number

  constructor(
    code: QueryErrorCode,
    span: Span,
    values: Record<string, string | number> = {},
    options: { hint?: string; cause?: unknown } = {},
  ) {
    const { status, message, hint } = makers[code](values, options)
    super(code, status, message, hint, { cause: options.cause })
    this.position = span.start
    this.length = span.end - span.start
  }
}

/**
 * The query with carets below the fault, then the sentence and the hint.
 *
 * @example
 * formatQueryError('kind:api ownr:me', error)
 * // kind:api ownr:me
 * //          ^^^^
 * // There is no field called "ownr". Did you mean owner? …
 */
export function formatQueryError(text: string, error: QueryError): string {
  const carets = ' '.repeat(error.position) + '^'.repeat(Math.max(1, error.length))
  // why: a line break or a tab would move the carets away from what they point at.
  return [text.replace(/\s/g, ' '), carets, `${error.message} ${error.hint}`].join('\n')
}
