import { parseEntityRef, type EntityName } from '@callboard/sdk/entityRef'
import { stringify } from 'yaml'
import type { Command } from '../commands.ts'
import { cliErrors } from '../errors.ts'
import { readOptions } from '../readOptions.ts'
import { catalogOptions, catalogUsage, openCatalog } from './openCatalog.ts'

const usage = `callboard get       Show one entity

  callboard get <ref> [--at DATE] [--yaml | --json]

  --at DATE        as it was then; of files, as git knows them, a revision too
  --yaml           print YAML (default)
  --json           print JSON
${catalogUsage}

  callboard get component:payments`

const options = {
  ...catalogOptions,
  at: { type: 'string' },
  yaml: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

export const command: Command = { usage, run }

async function run(args: string[]): Promise<number> {
  const { values, positionals } = readOptions('get', args, options, { files: true })
  const [ref, unexpected] = positionals
  if (ref === undefined) throw cliErrors.ARGUMENT_MISSING({ command: 'get', argument: 'a ref' })
  if (unexpected !== undefined) throw cliErrors.ARGUMENT_UNEXPECTED({ command: 'get', argument: unexpected })
  if (values.json && values.yaml)
    throw cliErrors.OPTION_INVALID({ command: 'get', option: '--yaml', reason: 'does not go with --json' })
  const { kind, namespace, name } = readRef(ref)
  const path = `/entities/by-name/${[kind, namespace, name].map(encodeURIComponent).join('/')}`
  const catalog = await openCatalog('get', values, values.at)
  try {
    const entity = await catalog.ask(path, { search: { at: values.files === undefined ? values.at : undefined } })
    console.log(values.json ? JSON.stringify(entity, null, 2) : stringify(entity, { lineWidth: 0 }).trimEnd())
    return 0
  } finally {
    await catalog.close()
  }
}

/** @throws PortalError REF_INVALID */
function readRef(text: string): EntityName {
  try {
    return parseEntityRef(text)
  } catch (cause) {
    throw cliErrors.REF_INVALID({ reason: cause instanceof Error ? cause.message : String(cause) }, { cause })
  }
}
