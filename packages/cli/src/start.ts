import { startPortal } from '@callboard/portal/startPortal'
import { resolve } from 'node:path'
import type { Command } from './commands.ts'
import { cliErrors } from './errors.ts'
import { printError } from './printError.ts'
import { readConfig } from './readConfig.ts'
import { readOptions, readPort } from './readOptions.ts'

const STOP_WITHIN_MS = 10_000
const SAME_PRESS_MS = 500

const usage = `callboard start     Start the portal

  callboard start [--config FILE]… [--port N] [--host H] [--data DIR] [--open]

  --config FILE   configuration to read; several are laid over each other (default: app-config.yaml)
  --port N        port to listen on, 0 for any that is free (default: backend.listen, else 7007)
  --host H        address to listen on (default: backend.listen, else this machine only)
  --data DIR      folder of the embedded database (default: .callboard beside the configuration)
  --open          let everyone in as the guest, though the configuration asks for a sign-in

  DATABASE_URL in the environment chooses a PostgreSQL.`

const options = {
  config: { type: 'string', multiple: true },
  port: { type: 'string' },
  host: { type: 'string' },
  data: { type: 'string' },
  open: { type: 'boolean', default: false },
} as const

export const command: Command = { usage, run }

async function run(args: string[]): Promise<number> {
  const { values } = readOptions('start', args, options)
  const port = readPort('start', values.port)
  const starting = readConfig(values.config).then(config =>
    startPortal({
      config,
      reloadConfig: () => readConfig(values.config),
      port,
      host: values.host,
      dataDir: values.data === undefined ? undefined : resolve(values.data),
      open: values.open,
      env: process.env,
    }),
  )
  stopOnSignal(starting)
  const { url } = await starting
  console.error(`\n  Callboard is at ${url}\n`)
  return 0
}

/** Closes the portal on the first signal, also while it is still starting, and then ends the process. */
function stopOnSignal(starting: Promise<{ reload(): Promise<void>; close(): Promise<void> }>): void {
  let stoppedAt = 0
  const stop = async (signal: string) => {
    // why: one Ctrl-C may arrive twice, from the terminal and from npm.
    if (stoppedAt > 0 && signal === 'SIGINT' && Date.now() - stoppedAt > SAME_PRESS_MS) process.exit(130)
    if (stoppedAt > 0) return
    stoppedAt = Date.now()
    setTimeout(() => endWith(cliErrors.STOP_TIMEOUT({ seconds: STOP_WITHIN_MS / 1000 })), STOP_WITHIN_MS).unref()
    try {
      await (await starting).close()
      process.exit(0)
    } catch (error) {
      endWith(error)
    }
  }
  // A service is told to read its configuration again; what a terminal started goes when the terminal does.
  const isService = !process.stdin.isTTY && !process.connected
  process.on(
    'SIGHUP',
    () =>
      void (isService
        ? starting.then(
            portal => portal.reload(),
            () => undefined,
          )
        : stop('SIGHUP')),
  )
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(signal))
  // why: whoever started the portal with a channel, as the launcher does, can be gone without a signal.
  if (process.connected) process.once('disconnect', () => void stop('disconnect'))
  // why: the reader of the log may end before the portal, which is no reason to fall over.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
}

function endWith(error: unknown): never {
  printError(error)
  process.exit(1)
}
