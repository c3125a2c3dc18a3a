import type { PluginReport } from '@callboard/kernel/plugins/contributions'
import { showPlace } from '@callboard/kernel/config/showPlace'
import { startPortal } from '@callboard/portal/startPortal'
import { isAbsolute } from 'node:path'
import type { Command } from './commands.ts'
import { readConfig } from './readConfig.ts'
import { readOptions } from './readOptions.ts'

const usage = `callboard plugins   Show what each plugin adds to the portal

  callboard plugins [--config FILE]… [--json]

  Sets the plugins up beside an empty database in memory; nothing listens and nothing is stored.`

const options = {
  config: { type: 'string', multiple: true },
  json: { type: 'boolean', default: false },
} as const

export const command: Command = { usage, run }

async function run(args: string[]): Promise<number> {
  const { values } = readOptions('plugins', args, options)
  const config = await readConfig(values.config)
  // why: the log would run into what is printed here.
  const env = { ...process.env, LOG_LEVEL: 'silent' }
  const portal = await startPortal({
    config,
    env,
    open: true,
    dryRun: true,
    database: { client: 'pglite', directory: undefined },
  })
  await portal.close()
  console.log(values.json ? JSON.stringify(portal.plugins, null, 2) : portal.plugins.map(describePlugin).join('\n\n'))
  return portal.plugins.some(plugin => plugin.error) ? 1 : 0
}

function describePlugin({ name, from, error, policies, ...added }: PluginReport): string {
  const lines = Object.entries({ ...added, policies: policies > 0 ? [String(policies)] : [] })
    .filter(([, items]) => items.length > 0)
    .map(([verb, items]) => `  ${verb.padEnd(9)} ${items.join(`\n${' '.repeat(12)}`)}`)
  return [
    `${name} (${isAbsolute(from) ? showPlace({ file: from }, process.cwd()) : from})`,
    ...(error ? [`  left out: ${error}`] : []),
    ...(lines.length + Number(Boolean(error)) > 0 ? lines : ['  adds nothing']),
  ].join('\n')
}
