/** Beyond so many differing lines the texts are shown as replaced, instead of searching long for what they share. */
const MOST_EDITS = 1500
const CONTEXT = 3

type Edit = { sign: ' ' | '-' | '+'; line: string }

/** The difference of two texts as `diff -u` writes it; empty when there is none. */
export function unifiedDiff(from: { name: string; text: string }, to: { name: string; text: string }): string {
  if (from.text === to.text) return ''
  const edits = editLines(splitLines(from.text), splitLines(to.text))
  const hunks = findHunks(edits).map(([start, end]) => renderHunk(edits, start, end))
  return [`--- ${from.name}`, `+++ ${to.name}`, ...hunks].join('\n').concat('\n')
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

function editLines(a: string[], b: string[]): Edit[] {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  const same = (lines: string[]): Edit[] => lines.map(line => ({ sign: ' ', line }))
  const middle = shortestEdit(a.slice(head, a.length - tail), b.slice(head, b.length - tail))
  return [...same(a.slice(0, head)), ...middle, ...same(a.slice(a.length - tail))]
}

/** The fewest edits: E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986. */
function shortestEdit(a: string[], b: string[]): Edit[] {
  const trace: Map<number, number>[] = []
  let reach = new Map([[1, 0]])
  const at = (diagonal: number) => reach.get(diagonal) ?? -1
  for (let edits = 0; edits <= Math.min(a.length + b.length, MOST_EDITS); edits++) {
    trace.push(new Map(reach))
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const isDown = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1))
      let x = isDown ? at(diagonal + 1) : at(diagonal - 1) + 1
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++
      reach = reach.set(diagonal, x)
      if (x >= a.length && x - diagonal >= b.length) return backtrack(a, b, trace)
    }
  }
  return [...a.map((line): Edit => ({ sign: '-', line })), ...b.map((line): Edit => ({ sign: '+', line }))]
}

function backtrack(a: string[], b: string[], trace: Map<number, number>[]): Edit[] {
  const result: Edit[] = []
  let [x, y] = [a.length, b.length]
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const at = (diagonal: number) => trace[edits]?.get(diagonal) ?? -1
    const diagonal = x - y
    const isDown = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1))
    const before = isDown ? diagonal + 1 : diagonal - 1
    const fromX = at(before)
    const fromY = fromX - before
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      result.push({ sign: ' ', line: a[--x] ?? '' })
      y--
    }
    if (edits === 0) break
    if (isDown) result.push({ sign: '+', line: b[--y] ?? '' })
    else result.push({ sign: '-', line: a[--x] ?? '' })
  }
  return result.toReversed()
}

/** Ranges of edits with some lines around them; those that touch are one. */
function findHunks(edits: Edit[]): [number, number][] {
  const hunks: [number, number][] = []
  for (const [index, { sign }] of edits.entries()) {
    if (sign === ' ') continue
    const last = hunks.at(-1)
    const end = Math.min(edits.length, index + CONTEXT + 1)
    if (last && index - CONTEXT <= last[1]) last[1] = end
    else hunks.push([Math.max(0, index - CONTEXT), end])
  }
  return hunks
}

function renderHunk(edits: Edit[], start: number, end: number): string {
  const count = (part: Edit[], sign: '-' | '+') => part.filter(each => each.sign !== (sign === '-' ? '+' : '-')).length
  const [before, shown] = [edits.slice(0, start), edits.slice(start, end)]
  const range = (sign: '-' | '+') => {
    const length = count(shown, sign)
    return `${sign}${count(before, sign) + (length > 0 ? 1 : 0)},${length}`
  }
  return [`@@ ${range('-')} ${range('+')} @@`, ...shown.map(({ sign, line }) => sign + line)].join('\n')
}
