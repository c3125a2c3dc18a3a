import { describe, expect, it } from 'vitest'
import { formatNode, parsePredicate } from './query.ts'

describe('parsePredicate', () => {
  it.each([
    [{}, '()'],
    [{ $all: [] }, '()'],
    [{ $any: [] }, '-()'],
    [{ kind: 'Component' }, 'kind:component'],
    [{ 'spec.replicas': 3, 'spec.paused': false }, 'spec.replicas:3 spec.paused:false'],
    [{ 'metadata.tags': { $contains: 'Java' } }, 'tag:java'],
    [{ 'spec.type': { $in: ['service', 'Website', 'service'] } }, 'type:service,website'],
    [{ 'spec.type': { $in: [] } }, '-()'],
    [{ 'metadata.title': { $exists: true } }, 'title:*'],
    [{ 'metadata.title': { $exists: false } }, '-title:*'],
    [{ 'metadata.name': { $hasPrefix: 'Pay' } }, 'name:pay*'],
    [{ $any: [{ kind: 'api' }, { $not: { kind: 'system', 'metadata.name': 'x' } }] }, 'kind:api or -(kind:system name:x)'],
    [{ relations: { $contains: { type: 'ownedBy' } } }, 'owner:*'],
    [{ relations: { $contains: { type: 'ownedBy', targetRef: { $in: ['Group:default/a', 'group:default/b'] } } } }, 'owner:a,b'],
  ])('reads %j as %s', (predicate, text) => {
    expect(formatNode(parsePredicate(predicate))).toBe(text)
  })

  it('takes a star in a value for the star that it is', () => {
    expect(parsePredicate({ 'metadata.title': { $hasPrefix: '5*' } })).toEqual({
      type: 'field',
      field: 'metadata.title',
      op: 'match',
      patterns: [String.raw`5\**`],
    })
  })

  it.each([
    [[], 'Query must be an object'],
    ['kind', 'Query must be an object'],
    [null, 'Query must be an object'],
    [{ $all: [{ kind: 'api' }, 'x'] }, 'Invalid query at query.$all[1]: expected an object with paths'],
    [{ $all: {} }, 'Invalid query at query.$all: expected a list'],
    [{ $any: [], kind: 'api' }, 'Invalid query at query.$any: an operator stands alone'],
    [{ $nor: [] }, 'Invalid query at query.$nor: unknown operator'],
    [{ kind: { $regex: 'x' } }, 'Invalid query at query.kind.$regex: unknown operator'],
    [{ kind: ['api'] }, 'Invalid query at query.kind: expected a text'],
    [{ kind: null }, 'Invalid query at query.kind: expected a text'],
    [{ kind: { $exists: true, $in: [] } }, 'Invalid query at query.kind: expected a text'],
    [{ kind: { $exists: 'yes' } }, 'Invalid query at query.kind.$exists: expected true or false'],
    [{ $not: { kind: { $in: ['a', {}] } } }, 'Invalid query at query.$not.kind.$in[1]: expected a text'],
    [{ 'metadata.name': { $hasPrefix: 1 } }, 'Invalid query at query["metadata.name"].$hasPrefix: expected a text'],
    [{ 'metadata.links': { $contains: { url: 'x' } } }, 'objects are looked for in relations only'],
    [{ relations: { $contains: { targetRef: 'x' } } }, 'query.relations.$contains.type: expected the name of a relation'],
    [{ relations: { $contains: { type: 'ownedBy', to: 'x' } } }, 'query.relations.$contains.to: a relation is described by'],
    [{ '': 'x' }, 'the path of a field is empty'],
  ])('refuses %j and says where', (predicate, message) => {
    expect(() => parsePredicate(predicate)).toThrow(message)
  })

  it('refuses what is nested too deep or has too many conditions', () => {
    let deep: unknown = { kind: 'api' }
    for (let depth = 0; depth < 10_000; depth++) deep = { $not: deep }
    expect(() => parsePredicate(deep)).toThrow('nested more than 50 deep')
    const many = { $any: Array.from({ length: 1001 }, () => ({ kind: 'api' })) }
    expect(() => parsePredicate(many)).toThrow('more than 1000 conditions')
  })
})
