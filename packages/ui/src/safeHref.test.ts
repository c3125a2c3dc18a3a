import { expect, test } from 'vitest'
import { findSafeHref } from './safeHref.ts'

test.each(['https://a.example/x?y', 'HTTP://a.example', 'mailto:a@b.example', '/catalog?q=x', '/'])(
  '%s may be linked to',
  href => {
    expect(findSafeHref(href)).toBe(href)
  },
)

test.each([
  'javascript:alert(1)',
  ' JavaScript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'https://',
  'catalog',
  '',
])('%j may not', href => {
  expect(findSafeHref(href)).toBeUndefined()
})
