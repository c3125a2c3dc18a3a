import { z } from '@callboard/sdk'
import type { Command } from '../commands.ts'
import { cliErrors } from '../errors.ts'
import { readOptions } from '../readOptions.ts'
import { showPlain } from './formatTable.ts'
import { catalogOptions, catalogUsage, openCatalog, type OpenCatalog } from './openCatalog.ts'

const usage = `callboard diff      Show what differs between the catalog at two times

  callboard diff --from DATE [--to DATE] ['<query>'] [--json]

  --from DATE      the earlier time; of files, as git knows them, a revision too
  --to DATE        the later time (default: now)
  --json           print JSON: {added, removed, changed, total}
${catalogUsage}

  callboard diff --from 2026-06-01 'kind:api'
  callboard diff --files . --from origin/main`

const options = {
  ...catalogOptions,
  from: { type: 'string' },
  to: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

export const command: Command = { usage, run }

async function run(args: string[]): Promise<number> {
  const { values, positionals } = readOptions('diff', args, options, { files: true })
  const { from, to, files, url, token } = values
  if (from === undefined) throw cliErrors.ARGUMENT_MISSING({ command: 'diff', argument: '--from' })
  const { catalog, times } = await openTimes({ from, to, files, url, token })
  try {
    const found = await readDiff(catalog, { ...times, q: positionals.join(' ') || undefined })
    console.log(values.json ? JSON.stringify(found, null, 2) : describeDiff(found))
    return 0
  } finally {
    await catalog.close()
  }
}

type Times = { from: string; to?: string | undefined }

async function openTimes({
  from,
  to,
  ...values
}: Times & Parameters<typeof openCatalog>[1]): Promise<{ catalog: OpenCatalog; times: Times }> {
  if (values.files === undefined || values.url !== undefined || values.token !== undefined) {
    return { catalog: await openCatalog('diff', values), times: { from, to } }
  }
  const { openFolderTwice } = await import('./openFolder.ts')
  const catalog = await openFolderTwice(values.files, from, to)
  return { catalog, times: catalog.times }
}

const sideSchema = z.array(z.looseObject({ ref: z.string() }))
const changeSchema = z.object({ path: z.string(), op: z.string(), from: z.unknown().optional(), to: z.unknown().optional() })
const diffSchema = z.object({
  added: sideSchema,
  removed: sideSchema,
  changed: z.array(z.looseObject({ ref: z.string(), changes: z.array(changeSchema) })),
  total: z.object({ added: z.number(), removed: z.number(), changed: z.number() }),
  next: z.string().optional(),
})
type Diff = Omit<z.output<typeof diffSchema>, 'next'>

/** All pages of the difference; a time that was left out is the same for each of them. */
async function readDiff(
  catalog: OpenCatalog,
  { from, to = new Date().toISOString(), q }: Times & { q: string | undefined },
): Promise<Diff> {
  const all: Diff = { added: [], removed: [], changed: [], total: { added: 0, removed: 0, changed: 0 } }
  let cursor: string | undefined
  do {
    const { added, removed, changed, total, next } = diffSchema.parse(
      await catalog.ask('/diff', { search: { from, to, q, cursor } }),
    )
    all.added.push(...added)
    all.removed.push(...removed)
    all.changed.push(...changed)
    all.total = total
    cursor = next
  } while (cursor)
  return all
}

function describeDiff({ added, removed, changed, total }: Diff): string {
  const entries = [
    ...added.map(({ ref }) => ({ ref, lines: [`+ ${ref}`] })),
    ...removed.map(({ ref }) => ({ ref, lines: [`- ${ref}`] })),
    ...changed.map(({ ref, changes }) => ({ ref, lines: [`~ ${ref}`, ...changes.map(describeChange)] })),
  ].toSorted((a, b) => (a.ref < b.ref ? -1 : 1))
  const lines = entries.flatMap(entry => entry.lines).map(showPlain)
  return [...lines, `${total.added} added, ${total.removed} removed, ${total.changed} changed`].join('\n')
}

function describeChange({ path, op, from, to }: z.output<typeof changeSchema>): string {
  if (op === 'added') return `    ${path}: + ${JSON.stringify(to)}`
  if (op === 'removed') return `    ${path}: - ${JSON.stringify(from)}`
  return `    ${path}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`
}
