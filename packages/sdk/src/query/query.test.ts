import { describe, expect, it } from 'vitest'
import { bindActor, formatQueryError, getMoment, parseQuery, QueryError, splitPattern, type QueryNode } from './query.ts'

const all = (...of: QueryNode[]): QueryNode => ({ type: 'all', of })
const any = (...of: QueryNode[]): QueryNode => ({ type: 'any', of })
const not = (of: QueryNode): QueryNode => ({ type: 'not', of })
const words = (text: string): QueryNode => ({ type: 'words', text })
const isIn = (field: string, ...values: string[]): QueryNode => ({ type: 'field', field, op: 'in', values })
const match = (field: string, ...patterns: string[]): QueryNode => ({ type: 'field', field, op: 'match', patterns })
const exists = (field: string): QueryNode => ({ type: 'field', field, op: 'exists' })
const date = (field: string, op: 'lt' | 'lte' | 'gt' | 'gte', text: string): QueryNode => ({
  type: 'field',
  field,
  op,
  value: { type: 'date', date: text },
})
const hop = (relation: string, transitive: boolean, to: QueryNode): QueryNode => ({ type: 'hop', relation, transitive, to })

describe('a query is read as a tree', () => {
  it.each<[text: string, where: QueryNode]>([
    ['', all()],
    ['  ()  ', all()],
    ['-()', any()],
    ['Kafka', words('kafka')],
    ['"Order  Events"', words('order  events')],
    ['"say \\"hi\\" \\\\o"', words('say "hi" \\o')],
    ['"or" "kind:api" c++ node.js', all(words('or'), words('kind:api'), words('c++'), words('node.js'))],
    ['order orchid', all(words('order'), words('orchid'))],
    ['"https://example.com/a"', words('https://example.com/a')],
    ['a b or c -d', any(all(words('a'), words('b')), all(words('c'), not(words('d'))))],
    ['a (b OR c) d', all(words('a'), any(words('b'), words('c')), words('d'))],
    ['a or(b or c)', any(words('a'), words('b'), words('c'))],
    ['(a (b c))', all(words('a'), words('b'), words('c'))],
    ['-(a b)', not(all(words('a'), words('b')))],
    ['--a', words('a')],
    ['-"a b"', not(words('a b'))],
    ['well-known', words('well-known')],
    ['kind:API', isIn('kind', 'api')],
    ['Type:service,Website', isIn('spec.type', 'service', 'website')],
    ['kind:api,api', isIn('kind', 'api')],
    ['title:"Order, (new)"', isIn('metadata.title', 'order, (new)')],
    ['title:"a*b"', isIn('metadata.title', 'a*b')],
    ['label.env:""', isIn('metadata.labels.env', '')],
    ['tag:pay*', match('metadata.tags', 'pay*')],
    ['tag:pay**,"a*b",c\\d', match('metadata.tags', 'pay*', 'a\\*b', 'c\\\\d')],
    ['title:"order "*', match('metadata.title', 'order *')],
    ['owner:*', exists('relations.ownedby')],
    ['-lifecycle:*', not(exists('spec.lifecycle'))],
    ['annotation.GitHub.com/project-slug:*', exists('metadata.annotations.github.com/project-slug')],
    ['label.env:prod', isIn('metadata.labels.env', 'prod')],
    ['spec.Tier:1 metadata.uid:x', all(isIn('spec.tier', '1'), isIn('metadata.uid', 'x'))],
    ['"some key (odd)":x', isIn('some key (odd)', 'x')],
    ['"name":x', isIn('name', 'x')],
    [
      'annotation.backstage.io/managed-by-location:url:https://x',
      isIn('metadata.annotations.backstage.io/managed-by-location', 'url:https://x'),
    ],
  ])('%s', (text, where) => expect(parseQuery(text)).toEqual({ where, sort: [] }))

  it.each<[text: string, where: QueryNode]>([
    ['owner:Team-A', isIn('relations.ownedby', 'group:default/team-a')],
    ['owner:acme/team-a', isIn('relations.ownedby', 'group:acme/team-a')],
    ['owner:user:jane', isIn('relations.ownedby', 'user:default/jane')],
    ['owner:group:default/team-a', isIn('relations.ownedby', 'group:default/team-a')],
    ['owner:@me,team-b', isIn('relations.ownedby', '@me', 'group:default/team-b')],
    ['owner:"@me"', isIn('relations.ownedby', 'group:default/@me')],
    ['owner:team-*', match('relations.ownedby', 'group:default/team-*')],
    ['system:payments', isIn('relations.partof', 'system:default/payments')],
    ['system:*', match('relations.partof', 'system:*')],
    ['domain:shop', isIn('relations.partof', 'domain:default/shop')],
    ['partOf:shop', match('relations.partof', '*:default/shop')],
    ['partOf:system:shop', isIn('relations.partof', 'system:default/shop')],
    ['dependson:db,component:x', match('relations.dependson', '*:default/db', 'component:default/x')],
    ['providesApi:orders', isIn('relations.providesapi', 'api:default/orders')],
    ['consumesApis:orders', isIn('relations.consumesapi', 'api:default/orders')],
    ['memberOf:team-a', isIn('relations.memberof', 'group:default/team-a')],
    ['relations.ownedBy:team-a', isIn('relations.ownedby', 'team-a')],
  ])('completes short refs: %s', (text, where) => expect(parseQuery(text).where).toEqual(where))

  it.each<[text: string, where: QueryNode]>([
    ['spec.replicas>=3', { type: 'field', field: 'spec.replicas', op: 'gte', value: { type: 'number', number: 3 } }],
    ['spec.score<-0.5', { type: 'field', field: 'spec.score', op: 'lt', value: { type: 'number', number: -0.5 } }],
    ['changed<7d', { type: 'field', field: 'changed', op: 'gt', value: { type: 'ago', count: 7, unit: 'd' } }],
    ['changed>30D', { type: 'field', field: 'changed', op: 'lt', value: { type: 'ago', count: 30, unit: 'd' } }],
    ['created>=1y', { type: 'field', field: 'created', op: 'lte', value: { type: 'ago', count: 1, unit: 'y' } }],
    ['created<2026-01-01', date('created', 'lt', '2026-01-01')],
    ['created>=2026-01-01', date('created', 'gte', '2026-01-01')],
    ['created<=2026-12-31', date('created', 'lt', '2027-01-01')],
    ['created>2024-02-28', date('created', 'gte', '2024-02-29')],
    ['created>2026-01-01T10:00', date('created', 'gt', '2026-01-01T10:00:00Z')],
    ['created<=2026-01-01T10:00:00.5+02:00', date('created', 'lte', '2026-01-01T08:00:00.500Z')],
    ['created:2026-01-31', all(date('created', 'gte', '2026-01-31'), date('created', 'lt', '2026-02-01'))],
    ['spec.end<2026-01-01', date('spec.end', 'lt', '2026-01-01')],
    ['-changed:*', not(exists('changed'))],
  ])('compares: %s', (text, where) => expect(parseQuery(text).where).toEqual(where))

  it.each<[text: string, where: QueryNode]>([
    ['dependsOn>(kind:resource)', hop('dependson', false, isIn('kind', 'resource'))],
    ['partOf+>(name:payments)', hop('partof', true, isIn('metadata.name', 'payments'))],
    ['-owner>(a or b)', not(hop('ownedby', false, any(words('a'), words('b'))))],
    ['system>(a)', hop('partof', false, all(isIn('kind', 'system'), words('a')))],
    ['dependsOn>()', hop('dependson', false, all())],
    ['dependsOn>(owner>(x) y)', hop('dependson', false, all(hop('ownedby', false, words('x')), words('y')))],
    ['relations.deployedTo+>(a)', hop('deployedto', true, words('a'))],
    ['is:orphan', { type: 'is', state: 'orphan' }],
    ['-is:Broken,starred', not(any({ type: 'is', state: 'broken' }, { type: 'is', state: 'starred' }))],
  ])('follows relations and knows states: %s', (text, where) => expect(parseQuery(text).where).toEqual(where))

  it('keeps order and date apart from the conditions', () => {
    expect(parseQuery('sort:name a sort:-changed,label.env,-"odd key" @2026-06-01')).toEqual({
      where: words('a'),
      sort: [
        { field: 'metadata.name', descending: false },
        { field: 'changed', descending: true },
        { field: 'metadata.labels.env', descending: false },
        { field: 'odd key', descending: true },
      ],
      at: '2026-06-01',
    })
    expect(parseQuery('@2026-06-01T12:00+02:00')).toEqual({ where: all(), sort: [], at: '2026-06-01T10:00:00Z' })
  })
})

describe('an error has a code and points at the fault', () => {
  it.each<[text: string, code: string, fault: string, position: number]>([
    ['or a', 'QUERY_OR_ALONE', 'or', 0],
    ['a or', 'QUERY_OR_ALONE', 'or', 2],
    ['a or or b', 'QUERY_OR_ALONE', 'or', 2],
    ['a or sort:name', 'QUERY_OR_ALONE', 'or', 2],
    ['(a or) b', 'QUERY_OR_ALONE', 'or', 3],
    ['a - b', 'QUERY_NOT_ALONE', '-', 2],
    ['a -or b', 'QUERY_NOT_ALONE', '-', 2],
    ['a (b', 'QUERY_PARENTHESIS_NOT_CLOSED', '(', 2],
    ['dependsOn>(b', 'QUERY_PARENTHESIS_NOT_CLOSED', '(', 10],
    ['a b) c', 'QUERY_PARENTHESIS_NOT_OPENED', ')', 3],
    ['a "b', 'QUERY_QUOTE_NOT_CLOSED', '"', 2],
    ['title:"b\\"', 'QUERY_QUOTE_NOT_CLOSED', '"', 6],
    ['a ""', 'QUERY_QUOTE_EMPTY', '""', 2],
    ['a"b"', 'QUERY_CHARACTER', '"', 1],
    ['kind:api(b)', 'QUERY_CHARACTER', '(', 8],
    ['spec.x>1,2', 'QUERY_CHARACTER', ',', 8],
    ['spec.replicas >= 3', 'QUERY_KEY_MISSING', '>=', 14],
    ['a colour:red', 'QUERY_KEY_UNKNOWN', 'colour', 2],
    ['https://example.com', 'QUERY_KEY_UNKNOWN', 'https', 0],
    ['sort:nme', 'QUERY_KEY_UNKNOWN', 'nme', 5],
    ['sort:name,-nme', 'QUERY_KEY_UNKNOWN', 'nme', 11],
    ['kind=api', 'QUERY_WORD_EQUALS', 'kind=api', 0],
    ['a kaf*', 'QUERY_WORD_WILDCARD', 'kaf*', 2],
    ['a kind:', 'QUERY_VALUE_MISSING', 'kind:', 2],
    ['kind: api', 'QUERY_VALUE_MISSING', 'kind:', 0],
    ['kind:api,', 'QUERY_VALUE_MISSING', 'kind:api,', 0],
    ['spec.x>= 3', 'QUERY_BOUND_MISSING', 'spec.x>=', 0],
    ['spec.x>=many', 'QUERY_VALUE_INVALID', 'many', 8],
    ['spec.x<7d', 'QUERY_VALUE_INVALID', '7d', 7],
    ['created<2026-02-30', 'QUERY_VALUE_INVALID', '2026-02-30', 8],
    ['created<7', 'QUERY_VALUE_INVALID', '7', 8],
    ['changed:7d', 'QUERY_VALUE_INVALID', '7d', 8],
    ['owner:group:', 'QUERY_VALUE_INVALID', 'group:', 6],
    ['@2026-13-01', 'QUERY_VALUE_INVALID', '@2026-13-01', 0],
    ['a @me', 'QUERY_VALUE_INVALID', '@me', 2],
    ['owner>3', 'QUERY_NOT_COMPARABLE', 'owner', 0],
    ['is>3', 'QUERY_NOT_COMPARABLE', 'is', 0],
    ['kind>(a)', 'QUERY_NOT_RELATION', 'kind', 0],
    ['is:orphan,lost', 'QUERY_STATE_UNKNOWN', 'lost', 10],
    ['a -sort:name', 'QUERY_NOT_A_CONDITION', '-sort:name', 2],
    ['(a @2026-06-01)', 'QUERY_NOT_A_CONDITION', '@2026-06-01', 3],
    ['@2026-06-01 @2026-06-02', 'QUERY_TWO_DATES', '@2026-06-02', 12],
    ['('.repeat(51), 'QUERY_TOO_DEEP', '(', 50],
  ])('%s', (text, code, fault, position) => {
    const error = fail(text)
    expect({ code: error.code, position: error.position, fault: text.slice(position, position + error.length) }).toEqual({
      code,
      position,
      fault,
    })
    expect(error).toMatchObject({ status: 400, message: expect.stringMatching(/\.$/), hint: expect.stringMatching(/\.$/) })
    expect(error.message + error.hint).not.toMatch(/[{}]/)
  })

  it('is shown with carets below the query', () => {
    expect(formatQueryError('kind:api\townr:jane', fail('kind:api\townr:jane'))).toBe(
      [
        'kind:api ownr:jane',
        '         ^^^^',
        'There is no field called "ownr". Did you mean owner? Any other field is written as a path, such as spec.ownr; put quotes around the term to search for its text.',
      ].join('\n'),
    )
  })

  it.each([
    ['lifecylce:x', /^Did you mean lifecycle\?/],
    ['colour:red', /^Short names are kind, .* spec\.colour/],
    ['https://example.com/a', /quotes .*"https:\/\/example\.com\/a"/],
    ['label:env', /^Write label\.name:value\.$/],
    ['kind=api', /^Write kind:value/],
    ['@me', /owner:@me/],
  ])('advises on %s', (text, hint) => expect(fail(text).hint).toMatch(hint))
})

describe('the actor', () => {
  it('takes the place of @me in relations only', () => {
    const { where } = parseQuery('owner:@me,team-b or -memberOf:@me,x* or dependsOn>(owner:@me) or name:"@me"')
    expect(bindActor(where, ['user:default/jane', 'group:default/team-b'])).toEqual(
      any(
        isIn('relations.ownedby', 'user:default/jane', 'group:default/team-b'),
        not(match('relations.memberof', 'user:default/jane', 'group:default/team-b', 'group:default/x*')),
        hop('dependson', false, isIn('relations.ownedby', 'user:default/jane', 'group:default/team-b')),
        isIn('metadata.name', '@me'),
      ),
    )
  })

  it('without refs owns nothing', () => {
    expect(bindActor(parseQuery('owner:@me').where, [])).toEqual(any())
    expect(bindActor(parseQuery('-owner:@me').where, [])).toEqual(all())
    expect(bindActor(parseQuery('owner:@me,a').where, [])).toEqual(isIn('relations.ownedby', 'group:default/a'))
  })
})

describe('what a tree holds can be evaluated', () => {
  it.each([
    [{ type: 'date', date: '2026-01-01' } as const, '2026-01-01T00:00:00.000Z'],
    [{ type: 'date', date: '2026-01-01T10:30:00Z' } as const, '2026-01-01T10:30:00.000Z'],
    [{ type: 'ago', count: 12, unit: 'h' } as const, '2026-03-31T00:00:00.000Z'],
    [{ type: 'ago', count: 2, unit: 'w' } as const, '2026-03-17T12:00:00.000Z'],
    [{ type: 'ago', count: 1, unit: 'm' } as const, '2026-02-28T12:00:00.000Z'],
    [{ type: 'ago', count: 2, unit: 'y' } as const, '2024-03-31T12:00:00.000Z'],
  ])('%o is %s', (value, moment) => expect(getMoment(value, new Date('2026-03-31T12:00:00Z')).toISOString()).toBe(moment))

  it('a pattern is split at its wildcards', () => {
    expect(splitPattern('*pay*\\*\\\\')).toEqual(['', 'pay', '*\\'])
  })
})

function fail(text: string): QueryError {
  try {
    parseQuery(text)
  } catch (error) {
    if (error instanceof QueryError) return error
  }
  throw new Error(`${text} is read without an error`)
}
