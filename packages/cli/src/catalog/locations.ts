import { z } from '@callboard/sdk'
import type { Command } from '../commands.ts'
import { cliErrors } from '../errors.ts'
import { readOptions } from '../readOptions.ts'
import { formatTable } from './formatTable.ts'
import { catalogOptions, catalogUsage, openCatalog, type OpenCatalog } from './openCatalog.ts'

const usage = `callboard locations Register URLs of catalog files with a portal, and list them

  callboard locations list [--json]
  callboard locations add <url> [--dry-run] [--json]
  callboard locations rm <id or url>

  --dry-run        say what the file holds, and register nothing
  --json           print JSON
${catalogUsage}

  Of files, only the list can be had: it names those that are read.`

const options = {
  ...catalogOptions,
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

export const command: Command = { usage, run }

async function run(args: string[]): Promise<number> {
  const { values, positionals } = readOptions('locations', args, options, { files: true })
  const [action = '', target, unexpected] = positionals
  const isList = action === 'list'
  if (!isList && action !== 'add' && action !== 'rm') {
    throw cliErrors.ARGUMENT_MISSING({ command: 'locations', argument: 'one of list, add and rm' })
  }
  const extra = isList ? target : unexpected
  if (extra !== undefined) throw cliErrors.ARGUMENT_UNEXPECTED({ command: 'locations', argument: extra })
  if (values.files !== undefined) return listFiles(action, values.files, values.json)
  const catalog = await openCatalog('locations', values)
  if (isList) return list(catalog, values.json)
  if (target === undefined) throw cliErrors.ARGUMENT_MISSING({ command: `locations ${action}`, argument: 'a location' })
  return action === 'add' ? add(catalog, target, values) : remove(catalog, target)
}

const locationSchema = z.object({ id: z.string(), type: z.string(), target: z.string() })
const listSchema = z.array(z.object({ data: locationSchema }))
const addedSchema = z.object({ location: locationSchema, entities: z.array(z.unknown()) })

async function selectLocations(catalog: OpenCatalog): Promise<z.output<typeof locationSchema>[]> {
  return listSchema.parse(await catalog.ask('/locations')).map(({ data }) => data)
}

async function list(catalog: OpenCatalog, json: boolean): Promise<number> {
  const found = await selectLocations(catalog)
  return print(found, json, () =>
    formatTable([['ID', 'TYPE', 'TARGET'], ...found.map(({ id, type, target }) => [id, type, target])]),
  )
}

async function listFiles(action: string, folder: string, json: boolean): Promise<number> {
  if (action !== 'list') throw cliErrors.PORTAL_NEEDED({ command: `locations ${action}` })
  const { findFiles } = await import('../check/findFiles.ts')
  const found = (await findFiles([folder])).map(target => ({ type: 'file', target }))
  return print(found, json, () => formatTable([['TYPE', 'TARGET'], ...found.map(({ type, target }) => [type, target])]))
}

async function add(catalog: OpenCatalog, target: string, values: { 'dry-run': boolean; json: boolean }): Promise<number> {
  const search = values['dry-run'] ? { dryRun: 'true' } : {}
  const answer = await catalog.ask('/locations', { method: 'POST', search, body: { type: 'url', target } })
  const { location, entities } = addedSchema.parse(answer)
  const sentence = values['dry-run']
    ? `${location.target} holds ${entities.length} entities`
    : `${location.target} is registered as ${location.id}`
  return print(answer, values.json, () => sentence)
}

async function remove(catalog: OpenCatalog, wanted: string): Promise<number> {
  const found = (await selectLocations(catalog)).find(({ id, target }) => id === wanted || target === wanted)
  await catalog.ask(`/locations/${encodeURIComponent(found?.id ?? wanted)}`, { method: 'DELETE' })
  return print(undefined, false, () => `${found?.target ?? wanted} is no longer registered`)
}

function print(value: unknown, json: boolean, describe: () => string): number {
  console.log(json ? JSON.stringify(value, null, 2) : describe())
  return 0
}
