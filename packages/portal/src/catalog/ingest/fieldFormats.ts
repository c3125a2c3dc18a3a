// The formats of descriptor fields; they equal those of Backstage's catalog model.

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?$/
const DNS_LABEL = /^[a-z0-9]+(?:-+[a-z0-9]+)*$/
const TAG = /^[a-z0-9:+#]+(?:-[a-z0-9:+#]+)*$/

type Check = (value: unknown) => boolean

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= max

export const isName: Check = value => isText(value, 63) && NAME.test(value)
export const isNamespace: Check = value => isText(value, 63) && DNS_LABEL.test(value)
export const isKind: Check = value => isText(value, 63) && /^[a-zA-Z][a-zA-Z0-9]*$/.test(value)
export const isTag: Check = value => isText(value, 63) && TAG.test(value)
export const isLabelValue: Check = value => value === '' || isName(value)
export const isAnnotationValue: Check = value => typeof value === 'string'

/** `[<dns subdomain>/]<name>`. */
export const isKey: Check = value => hasPrefixed(value, isName)

/** `[<dns subdomain>/]<version>`; a version holds letters and digits only. */
export const isApiVersion: Check = value => hasPrefixed(value, part => isText(part, 63) && /^[a-zA-Z0-9]+$/.test(part))

function hasPrefixed(value: unknown, isLast: Check): boolean {
  if (typeof value !== 'string') return false
  const [first, second, ...more] = value.split('/')
  if (more.length > 0) return false
  return second === undefined ? isLast(first) : isSubdomain(first ?? '') && isLast(second)
}

function isSubdomain(value: string): boolean {
  return value.length >= 1 && value.length <= 253 && value.split('.').every(label => label.length <= 63 && DNS_LABEL.test(label))
}

export const isUrl: Check = value => typeof value === 'string' && URL.canParse(value)

/** What a format expects, as the sentence of an error says it. */
export const EXPECTED = {
  name: 'a string that is sequences of [a-zA-Z0-9] separated by any of [-_.], at most 63 characters in total',
  namespace: 'a string that is sequences of [a-z0-9] separated by [-], at most 63 characters in total',
  kind: 'a string that is a sequence of [a-zA-Z][a-z0-9A-Z], at most 63 characters in total',
  apiVersion: 'a string that is [<domain>/]<version> of [a-zA-Z0-9]',
  tag: 'a string that is sequences of [a-z0-9:+#] separated by [-], at most 63 characters in total',
  key: 'a string that is [<domain>/]<name>, the name of [a-zA-Z0-9] separated by any of [-_.], at most 63 characters',
  annotation: 'a string',
  text: 'a string that is not empty',
  url: 'a string that is a URL',
  list: 'a list',
  map: 'an object',
} as const
