import { describe, expect, it } from 'vitest'
import { findPosition, parseFile } from './parseFile.ts'

/** The classic: each line refers to the one before nine times. */
function makeBomb(levels: number): string {
  const lines = Array.from({ length: levels }, (_, level) => {
    const items = Array.from({ length: 9 }, () => (level === 0 ? 'lol' : `*a${level - 1}`))
    return `a${level}: &a${level} [${items.join(',')}]`
  })
  return lines.join('\n')
}

const GOOD = 'kind: Component\n'

describe('a file that means harm', () => {
  it.each([
    ['aliases that multiply', makeBomb(12), 'it is too large once its aliases are written out'],
    [
      'aliases of one long text',
      `a: &a ${'x'.repeat(1_000_000)}\nb: [${'*a,'.repeat(50)}]\n`,
      'it is too large once its aliases are written out',
    ],
    ['a value that holds itself', 'a: &a [*a]', 'an alias refers to a value that holds it'],
    ['an alias of nothing', 'a: *nothing', 'Unresolved alias (the anchor must be set before the alias): nothing'],
  ])('has a broken document: %s', (_, text, reason) => {
    expect(parseFile(text)).toEqual([{ index: 0, status: 'broken', reason, line: 1, column: 1 }])
    // The second document makes `yaml` read the file, which counts aliases by itself.
    const [bomb, ...others] = parseFile(`${text}\n---\n[\n---\n${GOOD}`)
    expect(bomb).toMatchObject({ index: 0, status: 'broken' })
    expect(others).toMatchObject([
      { index: 1, status: 'broken' },
      { index: 2, status: 'read', value: { kind: 'Component' } },
    ])
  })

  it('has its place told', () => {
    const after = [{ status: 'read' }, { index: 1, status: 'broken', line: 3, column: 1 }]
    expect(parseFile(`a: 1\n---\na: &a [*a]\n`)).toMatchObject(after)
    expect(parseFile(`a: 1\n---\na: *b\n`)).toMatchObject(after)
  })

  it.each([
    ['lists that are never closed', '['.repeat(20_000)],
    ['lists in lists', '['.repeat(5_000) + ']'.repeat(5_000)],
    ['maps in maps', Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
    ['keys without end', `a: ${'x: '.repeat(100_000)}`],
    ['a quote that is never closed', `a: "${'x'.repeat(10_000_000)}`],
    ['ten thousand broken documents', '---\na: [\n'.repeat(10_000)],
    ['nothing but stars', '*'.repeat(300_000)],
  ])('is refused in good time: %s', { timeout: 20_000 }, (_, text) => {
    for (const document of parseFile(text)) expect(document.status).toBe('broken')
    findPosition(text, 0, ['metadata', 'name'])
  })

  it('may have one line of ten million characters, or a hundred thousand documents', () => {
    expect(parseFile(`a: ${'x'.repeat(10_000_000)}`)).toMatchObject([{ status: 'read' }])
    expect(parseFile('---\na: 1\n'.repeat(100_000))).toHaveLength(100_000)
  })

  it('keeps its neighbours and their lines when it is long', () => {
    const text = `# ${'x'.repeat(250_000)}\n---\na: [\n---\n${GOOD}metadata:\n  name: x\n`
    expect(parseFile(text)).toMatchObject([
      { index: 0, status: 'broken', line: 4 },
      { index: 1, status: 'read', value: { kind: 'Component', metadata: { name: 'x' } } },
    ])
    expect(findPosition(text, 1, ['metadata', 'name'])).toEqual({ line: 7, column: 9 })
  })
})

describe('any text', () => {
  it.each([1, 2, 3, 4])('is read or refused, and never more than that, with seed %d', seed => {
    const random = seededRandom(seed)
    for (let round = 0; round < 500; round++) {
      const text = Array.from({ length: random(40) }, () => PIECES[random(PIECES.length)]).join('')
      for (const document of parseFile(text)) {
        if (document.status === 'broken') expect(document.reason, JSON.stringify(text)).not.toBe('')
        // What is handed on can be written down.
        else JSON.stringify(document.value)
        findPosition(text, document.index, ['metadata', 'name', 0])
      }
    }
  })
})

const PIECES = [
  'apiVersion: backstage.io/v1alpha1\n',
  'kind: Component\n',
  'metadata:\n',
  '  name: a\n',
  '  ',
  '\n',
  '- ',
  ': ',
  'a',
  '"',
  "'",
  '[',
  ']',
  '{',
  '}',
  '&a ',
  '*a',
  '*b',
  '!!js/function ',
  '!!binary ',
  '<<: *a\n',
  '---\n',
  '...\n',
  '|\n',
  '>-\n',
  '%YAML 1.3\n',
  '#',
  ',',
  '?',
  '\t',
  '\u0000',
  '\ufeff',
  '\u2028',
  '😀',
  '\ud800',
  '1e999',
  '.nan',
  '0x',
  '2026-01-01',
  '__proto__: 1\n',
  'constructor: {}\n',
  '~',
] as const

type Random = (below: number) => number

/** mulberry32 */
function seededRandom(seed: number): Random {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
