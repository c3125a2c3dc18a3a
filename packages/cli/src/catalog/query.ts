import { z } from '@callboard/sdk'
import type { Command } from '../commands.ts'
import { cliErrors } from '../errors.ts'
import { readOptions } from '../readOptions.ts'
import { rowFields, toRows } from './entityRows.ts'
import { formatTable } from './formatTable.ts'
import { catalogOptions, catalogUsage, openCatalog, type OpenCatalog } from './openCatalog.ts'

const DEFAULT_LIMIT = 100
const PAGE = 500

const usage = `callboard query     List the entities that a query finds

  callboard query ['<query>'] [--at DATE] [--limit N] [--table | --json]

  --at DATE        ask the catalog as it was then; of files, as git knows them, a revision too
  --limit N        entities to list at most, 0 for all (default: ${DEFAULT_LIMIT})
  --table          print a table (default)
  --json           print a list of whole entities
${catalogUsage}

  callboard query 'kind:component owner:team-a dependsOn+>(lifecycle:deprecated) sort:name'`

const options = {
  ...catalogOptions,
  at: { type: 'string' },
  limit: { type: 'string' },
  table: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

export const command: Command = { usage, run }

async function run(args: string[]): Promise<number> {
  const { values, positionals } = readOptions('query', args, options, { files: true })
  const limit = readLimit('query', values.limit) ?? DEFAULT_LIMIT
  if (values.json && values.table)
    throw cliErrors.OPTION_INVALID({ command: 'query', option: '--table', reason: 'does not go with --json' })
  const catalog = await openCatalog('query', values, values.at)
  try {
    const at = values.files === undefined ? values.at : undefined
    const { items, total } = await listEntities(
      catalog,
      { q: positionals.join(' '), at, ...(values.json ? {} : { fields: rowFields }) },
      limit,
    )
    console.log(values.json ? JSON.stringify(items, null, 2) : formatTable(toRows(items)))
    if (items.length < total) console.error(`${items.length} of ${total}; --limit 0 lists all of them.`)
    return 0
  } finally {
    await catalog.close()
  }
}

const pageSchema = z.object({
  items: z.array(z.unknown()),
  totalItems: z.number(),
  pageInfo: z.object({ nextCursor: z.string().optional() }),
})

type Asked = { q: string; at?: string | undefined; fields?: string[] }

async function listEntities(
  catalog: OpenCatalog,
  { q, at, fields = [] }: Asked,
  limit: number,
): Promise<{ items: unknown[]; total: number }> {
  const items: unknown[] = []
  const most = limit === 0 ? Infinity : limit
  let search: Record<string, string | string[] | undefined> = { q: q || undefined, at }
  for (;;) {
    const page = pageSchema.parse(
      await catalog.ask('/entities/by-query', { search: { ...search, fields, limit: Math.min(PAGE, most - items.length) } }),
    )
    items.push(...page.items)
    const cursor = page.pageInfo.nextCursor
    if (!cursor || items.length >= most) return { items, total: page.totalItems }
    search = { cursor }
  }
}

/** Reads a whole number from 0. */
export function readLimit(command: string, text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,9}$/.test(text)) return text === undefined ? undefined : Number(text)
  throw cliErrors.OPTION_INVALID({ command, option: '--limit', reason: `must be a number from 0, not ${text}` })
}
