#!/usr/bin/env node
import manifest from '../package.json' with { type: 'json' }
import { nearestName } from '@callboard/kernel/config/nearestName'
import { commands } from './commands.ts'
import { cliErrors } from './errors.ts'
import { exitCodeOf, printError } from './printError.ts'

const [name = 'help', ...args] = process.argv.slice(2)

try {
  process.exitCode = await run()
} catch (error) {
  printError(error)
  // why: a start that failed may leave sockets open that would keep the process alive.
  process.exit(exitCodeOf(error))
}

async function run(): Promise<number> {
  if (name === '--version' || name === '-v') return print(manifest.version)
  if (name === 'help' || name === '--help' || name === '-h') return print(await helpText(args[0]))
  const command = await findCommand(name)
  if (args.includes('--help') || args.includes('-h')) return print(command.usage)
  return command.run(args)
}

async function findCommand(wanted: string) {
  const load = Object.hasOwn(commands, wanted) ? commands[wanted] : undefined
  if (load) return (await load()).command
  const near = nearestName(wanted, Object.keys(commands))
  const hint = near ? `Did you mean ${near}? All commands: callboard help.` : undefined
  throw cliErrors.COMMAND_UNKNOWN({ command: wanted }, hint ? { hint } : {})
}

async function helpText(wanted: string | undefined): Promise<string> {
  if (wanted) return (await findCommand(wanted)).usage
  const all = await Promise.all(Object.values(commands).map(async load => (await load()).command))
  const lines = all.map(({ usage }) => `  ${usage.split('\n', 1)[0]}`)
  return `Callboard ${manifest.version}, a self-hosted developer portal.\n\n${lines.join('\n')}\n  callboard help [command]\n  callboard --version`
}

function print(text: string): number {
  console.log(text)
  return 0
}
