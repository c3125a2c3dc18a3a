import { kernelErrors } from '@callboard/kernel/errors'
import { portalErrors } from '@callboard/portal/errors'
import type { ErrorDefinition } from '@callboard/sdk/errors'
import { QUERY_ERRORS } from '@callboard/sdk/query'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cliErrors } from './errors.ts'

const PAGE = join(import.meta.dirname, '../../../docs/reference/errors.md')

const PARTS: [string, Record<string, ErrorDefinition>][] = [
  ['Starting and serving', kernelErrors.definitions],
  ['The catalog and its pages', portalErrors.definitions],
  ['Queries', QUERY_ERRORS],
  ['The command line', cliErrors.definitions],
]

function writePage(): string {
  const cell = (text: string) => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ')
  const parts = PARTS.map(([title, definitions]) => {
    const rows = Object.entries(definitions).toSorted(([a], [b]) => (a < b ? -1 : 1))
    const lines = rows.map(
      ([code, { status, sentence, hint }]) => `| \`${code}\` | ${status} | ${cell(sentence)} | ${cell(hint)} |`,
    )
    return `## ${title}\n\n| code | status | sentence | hint |\n|---|---|---|---|\n${lines.join('\n')}\n`
  })
  const head =
    '# Errors\n\nEvery error has a stable code. This page is made from the lists in the source: `UPDATE_ERRORS_PAGE=1 npm test` writes it anew.\n'
  return [head, ...parts].join('\n')
}

it('the reference page lists every error of every package', async () => {
  const page = writePage()
  if (process.env.UPDATE_ERRORS_PAGE) await writeFile(PAGE, page)
  expect(await readFile(PAGE, 'utf8')).toBe(page)
})
