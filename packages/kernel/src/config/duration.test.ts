import { expect, test } from 'vitest'
import { durationSchema, parseDuration } from './duration.ts'

test.each([
  ['1h 30m', 5_400_000],
  ['1h30m', 5_400_000],
  ['90 seconds', 90_000],
  ['1 day, 2 hours', 93_600_000],
  ['1.5s', 1500],
  ['250ms', 250],
  ['2 weeks', 1_209_600_000],
  ['PT30M', 1_800_000],
  ['P1DT0.5S', 86_400_500],
  ['P1M', 2_592_000_000],
  ['PT1M', 60_000],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
  expect(durationSchema.parse(text)).toBe(ms)
})

test('objects add up, and their amounts may be texts in configuration', () => {
  expect(parseDuration({ hours: 1, minutes: 5 })).toBe(3_900_000)
  expect(durationSchema.parse({ hours: '1', minutes: 5 })).toBe(3_900_000)
})

test.each(['', '5', 'soon', '5 apples', 'P', 'PT', '1h soon', '-5m'])('%j is not a duration', text => {
  expect(() => parseDuration(text)).toThrow(expect.objectContaining({ code: 'DURATION_INVALID', status: 400 }))
  expect(durationSchema.safeParse(text).error?.issues[0]?.message).toMatch(/is not a duration\. Write it like/)
})

test('an empty object and unknown units are refused', () => {
  expect(() => parseDuration({})).toThrow('"{}" is not a duration.')
  expect(durationSchema.safeParse({ minute: 5 }).success).toBe(false)
})
