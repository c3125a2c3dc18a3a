import { expect, test } from 'vitest'
import { diffLines } from './lineDiff.ts'

test('equal texts have no marks', () => {
  expect(diffLines(['a', 'b'], ['a', 'b'])).toEqual([{ text: 'a' }, { text: 'b' }])
})

test('a changed line is the old one removed and the new one added, between what stayed', () => {
  expect(diffLines(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([
    { text: 'a' },
    { text: 'b', mark: 'removed' },
    { text: 'x', mark: 'added' },
    { text: 'c' },
  ])
})

test('a line in the middle of changes is found to be the same', () => {
  expect(diffLines(['1', 'keep', '2'], ['3', 'keep', '4', '5'])).toEqual([
    { text: '1', mark: 'removed' },
    { text: '3', mark: 'added' },
    { text: 'keep' },
    { text: '2', mark: 'removed' },
    { text: '4', mark: 'added' },
    { text: '5', mark: 'added' },
  ])
})

test('texts too long to compare are shown one after the other', () => {
  const before = Array.from({ length: 3000 }, (_, index) => `old ${index}`)
  const after = Array.from({ length: 3000 }, (_, index) => `new ${index}`)
  const lines = diffLines(before, after)
  expect(lines.map(line => line.text)).toEqual([...before, ...after])
})
