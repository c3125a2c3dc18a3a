import pino, { type Logger } from 'pino'
import { Writable } from 'node:stream'

export type { Logger }

/**
 * The portal's log: readable lines on a terminal, JSON lines otherwise.
 * Secrets of the configuration are replaced where lines leave the process, whoever wrote them.
 */
export async function createLog(options: {
  level?: string
  secrets?: string[]
  pretty?: boolean
  write?: (line: string) => void
}): Promise<Logger> {
  const write = options.write ?? (line => void process.stdout.write(line))
  const secrets = (options.secrets ?? []).toSorted((a, b) => b.length - a.length)
  const sink = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      write(redact(line, secrets))
      done()
    },
  })
  const pinoOptions = { level: options.level ?? 'info', base: null, timestamp: pino.stdTimeFunctions.isoTime }
  if (!options.pretty) return pino(pinoOptions, sink)
  // why: loaded on a terminal only, a service never needs it.
  const { prettyFactory } = (await import('pino-pretty')).default
  const pretty = prettyFactory({ colorize: true, translateTime: 'SYS:HH:MM:ss', ignore: 'reqId,hint,code' })
  return pino(pinoOptions, {
    write: (line: string) => sink.write(pretty(line)),
  })
}

function redact(line: string, secrets: string[]): string {
  for (const secret of secrets) {
    if (line.includes(secret)) line = line.replaceAll(secret, '***')
  }
  return line
}
