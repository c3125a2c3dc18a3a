import { expect, test } from 'vitest'
import { createHostRules, hostMatcher } from './hostRules.ts'

const NONE = { github: [], gitlab: [] }

test.each([
  ['a.b', 'https://a.b/x', true],
  ['A.b', 'http://a.b/x', true],
  ['a.b', 'https://a.b:8080/x', false],
  ['a.b', 'https://c.a.b/x', false],
  ['a.b', 'https://a.b.evil/x', false],
  ['a.b:8080', 'https://a.b:8080/x', true],
  ['a.b:443', 'https://a.b/x', true],
  ['a.b:443', 'http://a.b/x', false],
  ['a.b:8000-8010', 'http://a.b:8010/x', true],
  ['a.b:8000-8010', 'http://a.b:8011/x', false],
  ['*.b', 'https://a.b/x', true],
  ['*.b', 'https://c.a.b/x', true],
  ['*.b', 'https://b/x', false],
  ['*.b', 'https://evilb/x', false],
  ['*.b:81', 'http://a.b:81/x', true],
  ['[::1]:81', 'http://[::1]:81/x', true],
  ['127.0.0.1', 'http://2130706433/x', true],
])('the host %s and %s: %s', (pattern, url, matches) => {
  expect(hostMatcher(pattern)(new URL(url))).toBe(matches)
})

test.each([
  ['/docs', true],
  ['/docs/a', true],
  ['/docs/../docs/a', true],
  ['/docsx', false],
  ['/docs/../x', false],
  ['/docs/%2e%2e/x', false],
  ['/docs/..%2fx', false],
  ['/', false],
])('a rule for /docs and the path %s: %s', (path, allowed) => {
  const rules = createHostRules(NONE, [{ host: 'a.b', paths: ['/docs/'] }])
  const check = () => rules.check(new URL(`https://a.b${path}`))
  if (allowed) expect(check).not.toThrow()
  else expect(check).toThrow(expect.objectContaining({ code: 'READ_HOST_NOT_ALLOWED', status: 403 }))
})

test('the hint holds the lines that would allow the URL', () => {
  const rules = createHostRules(NONE, [{ host: 'a.b', paths: ['/docs'] }])
  const hintFor = (url: string) => {
    try {
      rules.check(new URL(url))
    } catch (error) {
      return error instanceof Error ? Reflect.get(error, 'hint') : undefined
    }
  }
  const start = 'Allow it in app-config.yaml:\nbackend:\n  reading:\n    allow:\n'
  expect(hintFor('http://c.d:8080/x?token=y')).toBe(`${start}      - host: c.d:8080`)
  expect(hintFor('https://a.b/api/x')).toBe(`${start}      - host: a.b\n        paths: [/api]`)
})

test('hosts are trusted as far as the configuration names them', () => {
  const integrations = {
    github: [{ host: 'ghe.acme', apiBaseUrl: 'https://api.ghe.acme:8443/v3' }],
    gitlab: [{ host: 'gl.acme' }],
    harness: [{ host: 'tea.acme' }, 'odd'],
    odd: 1,
  }
  const rules = createHostRules(integrations, [{ host: '*.internal' }, { host: 'named.internal:81' }])
  const trusts = [
    'ghe.acme',
    'api.ghe.acme:8443',
    'api.ghe.acme',
    'gl.acme',
    'tea.acme',
    'x.internal',
    'named.internal:81',
    'github.com',
  ]
  expect(trusts.map(host => rules.trust(new URL(`https://${host}`)))).toEqual([
    'named',
    'named',
    'public',
    'named',
    'named',
    'internal',
    'named',
    'public',
  ])
})
