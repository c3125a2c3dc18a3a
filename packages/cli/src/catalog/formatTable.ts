/** Lines of a table whose columns are as wide as their longest cell; columns that are empty in every row are left out. */
export function formatTable([heads = [], ...rows]: string[][]): string {
  const kept = heads
    .keys()
    .filter(index => rows.length === 0 || index === 0 || rows.some(row => row[index]))
    .toArray()
  const lines = [heads, ...rows].map(row => kept.map(index => showPlain(row[index] ?? '')))
  const widths = kept.map((_, index) => Math.max(...lines.map(line => line[index]?.length ?? 0)))
  return lines
    .map(line =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** What others wrote must not steer the terminal. */
export function showPlain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ')
}
