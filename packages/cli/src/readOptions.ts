import { parseArgs, type ParseArgsConfig } from 'node:util'
import { cliErrors } from './errors.ts'

type Options = NonNullable<ParseArgsConfig['options']>
type Parsed<T extends Options> = ReturnType<typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>>

/**
 * Reads the options of a command.
 *
 * @throws PortalError OPTION_UNKNOWN, OPTION_INVALID, ARGUMENT_UNEXPECTED
 */
export function readOptions<T extends Options>(command: string, args: string[], options: T, { files = false } = {}): Parsed<T> {
  const { tokens } = parseArgs({ args, options, allowPositionals: true, strict: false, tokens: true })
  for (const token of tokens) {
    if (token.kind === 'positional' && !files) throw cliErrors.ARGUMENT_UNEXPECTED({ command, argument: token.value })
    if (token.kind !== 'option') continue
    const option = options[token.name]
    const fail = (reason: string) => cliErrors.OPTION_INVALID({ command, option: token.rawName, reason })
    if (!option) throw cliErrors.OPTION_UNKNOWN({ command, option: token.rawName })
    if (option.type === 'boolean' && token.value !== undefined) throw fail('takes no value')
    if (option.type === 'string' && !token.value) throw fail('needs a value')
    if (option.type === 'string' && !token.inlineValue && token.value?.startsWith('--'))
      throw fail(`needs a value, not ${token.value}`)
  }
  return parseArgs({ args, options, allowPositionals: true, strict: true })
}

/** Reads a port number; 0 lets the system choose. */
export function readPort(command: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const port = /^\d+$/.test(text) ? Number(text) : NaN
  if (port <= 65535) return port
  throw cliErrors.OPTION_INVALID({ command, option: '--port', reason: `must be a number from 0 to 65535, not ${text}` })
}
