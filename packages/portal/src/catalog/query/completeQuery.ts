import { findKey, findSpot, formatKey, formatValue, KEY_NAMES, parseQuery, type QueryNode, type Spot } from '@callboard/sdk/query'
import { findFacets } from './findItems.ts'
import type { Scope } from './scope.ts'
import { selectPaths } from './selectPaths.ts'

/** One way to go on; `text` takes the place of the query from `from` to `to`. */
export type Completion = {
  text: string
  label: string
  kind: 'key' | 'relation' | 'operator' | 'value' | 'state' | 'sort'
  from: number
  to: number
  /** How many entities have the value, among those that the rest of the query finds. */
  count?: number
}

type Offer = Omit<Completion, 'from' | 'to'>

const MOST = 20
/** A longer value is a text, which nobody wants to complete. */
const LONGEST_VALUE = 100
const AGES = ['1d', '7d', '2w', '1m', '3m', '1y']
const STATES = ['orphan', 'broken']
/** Every entity has another one, or none is asked by its whole text. */
const TEXTS = new Set(['metadata.description', 'metadata.uid', 'metadata.etag'])

/** What can be typed at a position of a query. Values come from what the actor may see, and from nothing else. */
export async function completeQuery(scope: Scope, text: string, position: number): Promise<Completion[]> {
  const spot = findSpot(text, position)
  const offers = await listOffers(scope, spot)
  return offers.slice(0, MOST).map(offer => ({ ...offer, from: spot.from, to: spot.to }))
}

async function listOffers(scope: Scope, spot: Spot): Promise<Offer[]> {
  const { prefix } = spot
  const wanted = prefix.toLowerCase()
  switch (spot.type) {
    case 'key':
      return listKeys(scope, prefix)
    case 'value':
      return listValues(scope, spot)
    case 'state':
      return STATES.filter(state => state.startsWith(wanted)).map(state => ({ text: state, label: state, kind: 'state' }))
    case 'bound': {
      const field = findKey(spot.key)?.field
      const ages = field === 'created' || field === 'changed' ? AGES : []
      return ages.filter(age => age.startsWith(wanted)).map(age => ({ text: age, label: age, kind: 'value' }))
    }
    case 'sort': {
      const minus = prefix.startsWith('-') ? '-' : ''
      const names = [...KEY_NAMES].filter(
        name => findKey(name)?.isRelation === false && name.startsWith(wanted.slice(minus.length)),
      )
      return names.map(name => ({ text: minus + name, label: minus + name, kind: 'sort' }))
    }
    case 'nothing':
      return []
  }
}

async function listKeys(scope: Scope, prefix: string): Promise<Offer[]> {
  const wanted = prefix.toLowerCase()
  const names = KEY_NAMES.filter(name => name.toLowerCase().startsWith(wanted)).map(toKeyOffer)
  const exact = KEY_NAMES.find(name => name.toLowerCase() === wanted && findKey(name)?.isRelation)
  const hops = exact ? [`${exact}>(`, `${exact}+>(`].map(text => ({ text, label: text, kind: 'operator' as const })) : []
  const maps = ['label.', 'annotation.'].filter(map => map.startsWith(wanted) && map !== wanted)
  const openings: Offer[] = maps.map(map => ({ text: map, label: `${map}…`, kind: 'key' }))
  return [...hops, ...names, ...openings, ...(await listPaths(scope, wanted))]
}

function toKeyOffer(name: string): Offer {
  return { text: `${name}:`, label: name, kind: findKey(name)?.isRelation ? 'relation' : 'key' }
}

/** Labels, annotations and other fields that occur. */
async function listPaths(scope: Scope, wanted: string): Promise<Offer[]> {
  const [, map, rest] = /^(label|annotation)s?\.(.*)$/.exec(wanted) ?? []
  const path = map ? `metadata.${map}s.${rest}` : /^(?:metadata|spec)\./.test(wanted) ? wanted : undefined
  if (path === undefined) return []
  const found = await selectPaths(scope, path, MOST)
  return found.map(formatKey).map(key => ({ text: `${key}:`, label: key, kind: 'key' }))
}

async function listValues(scope: Scope, spot: Spot): Promise<Offer[]> {
  const key = findKey(spot.key)
  if (!key || TEXTS.has(key.field)) return []
  const { [key.field]: facets = [] } = await findFacets(scope, [key.field], parseRest(spot.rest))
  const wanted = spot.prefix.toLowerCase()
  const values = facets
    .filter(({ value }) => value.length <= LONGEST_VALUE && (!key.narrow || value.toLowerCase().startsWith(`${key.kind}:`)))
    .map(({ value, count }) => ({ value, count, text: formatValue(value, spot.key) }))
    .map(each => ({ ...each, rank: rankOf(each.text.replace(/^"/, '').toLowerCase(), each.value.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank < NO_RANK)
    .sort((a, b) => a.rank - b.rank || b.count - a.count || (a.text < b.text ? -1 : 1))
    .map(({ text, value, count }): Offer => ({ text, label: value, kind: 'value', count }))
  const isMine = key.isRelation && !key.narrow && '@me'.startsWith(wanted)
  return isMine ? [{ text: '@me', label: '@me', kind: 'value' }, ...values] : values
}

const NO_RANK = 3

/** What begins so comes before what holds it somewhere. */
function rankOf(text: string, value: string, wanted: string): number {
  if (text.startsWith(wanted)) return 0
  if (value.startsWith(wanted)) return 1
  return wanted !== '' && value.includes(wanted) ? 2 : NO_RANK
}

/** What the other terms find narrows what is offered; where they are no query on their own, nothing does. */
function parseRest(rest: string): QueryNode {
  const everything: QueryNode = { type: 'all', of: [] }
  try {
    return parseQuery(rest).where
  } catch {
    return everything
  }
}
