import type { Config } from '@callboard/kernel/config/config'
import { formatKey, type KeyPath } from '@callboard/kernel/config/keyPath'
import { showPlace } from '@callboard/kernel/config/showPlace'
import { Document, isMap, isScalar, isSeq, stringify } from 'yaml'
import type { Command } from './commands.ts'
import { readConfig } from './readConfig.ts'
import { readOptions } from './readOptions.ts'

const usage = `callboard config    Show the configuration as the portal reads it, without its secrets

  callboard config [--config FILE]… [--places] [--json]

  --places   say for each value where it was written
  --json     print JSON; with --places a list of {key, value, place}`

const options = {
  config: { type: 'string', multiple: true },
  places: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

export const command: Command = { usage, run }

async function run(args: string[]): Promise<number> {
  const { values } = readOptions('config', args, options)
  const config = await readConfig(values.config)
  console.log(show(config, values).trimEnd())
  return 0
}

function show(config: Config, { places, json }: { places: boolean; json: boolean }): string {
  if (!places) return json ? JSON.stringify(config.redacted(), null, 2) : stringify(config.redacted(), { lineWidth: 0 })
  const document = new Document(config.redacted())
  const found: { key: string; value: unknown; place: string }[] = []
  visitScalars(document.contents, [], (node, path) => {
    const key = formatKey(path)
    const place = showPlace(config.place(key), process.cwd())
    if (isScalar(node) && place !== '') node.comment = ` ${place}`
    found.push({ key, value: isScalar(node) ? node.value : node, place })
  })
  return json ? JSON.stringify(found, null, 2) : document.toString({ lineWidth: 0 })
}

function visitScalars(node: unknown, path: KeyPath, visit: (node: unknown, path: KeyPath) => void): void {
  if (isMap(node) && node.items.length > 0)
    for (const { key, value } of node.items) visitScalars(value, [...path, String(isScalar(key) ? key.value : key)], visit)
  else if (isSeq(node) && node.items.length > 0) node.items.forEach((item, index) => visitScalars(item, [...path, index], visit))
  else visit(node, path)
}
