export type DiffLine = { text: string; mark?: 'added' | 'removed' }

/** Above this many cells a comparison would be felt; the middle is then shown as removed and added whole. */
const MAX_CELLS = 4_000_000

/** The lines of a text, with those that a former text had besides. */
export function diffLines(before: string[], after: string[]): DiffLine[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end += 1
  return [
    ...unmarked(after.slice(0, start)),
    ...diffMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...unmarked(after.slice(after.length - end)),
  ]
}

function unmarked(lines: string[]): DiffLine[] {
  return lines.map(text => ({ text }))
}

/** Along the longest common subsequence. */
function diffMiddle(before: string[], after: string[]): DiffLine[] {
  const width = after.length + 1
  const isSmall = (before.length + 1) * width <= MAX_CELLS
  const lengths = new Uint32Array(isSmall ? (before.length + 1) * width : 0)
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0
  for (let row = isSmall ? before.length - 1 : -1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        before[row] === after[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const lines: DiffLine[] = []
  let row = 0
  let column = 0
  while (row < before.length || column < after.length) {
    const old = before[row]
    const text = after[column]
    if (isSmall && old !== undefined && old === text) {
      lines.push({ text })
      row += 1
      column += 1
    } else if (old !== undefined && (text === undefined || at(row + 1, column) >= at(row, column + 1))) {
      lines.push({ text: old, mark: 'removed' })
      row += 1
    } else {
      lines.push({ text: text ?? '', mark: 'added' })
      column += 1
    }
  }
  return lines
}
