import type { PortalError } from '@callboard/sdk'
import { toPortalError } from '../http/errorReply.ts'
import type { Logger } from '../log.ts'
import { watchFiles, type FileWatch } from '../reading/watchFiles.ts'
import { listChangedKeys } from './changedKeys.ts'
import type { Config } from './config.ts'

/** A part of the portal that takes up changes of the configuration while it runs. */
export type ConfigUser = {
  /** What it takes up, such as `catalog.rules`. */
  keys: readonly string[]
  /** Files that the configuration names and that are read with it. */
  files(config: Config): string[]
  /** Checks a configuration, and throws what is wrong with it. @returns how to take it up, which must not fail for what it says */
  prepare(config: Config): Promise<() => Promise<unknown>>
}

export type ConfigFollower = {
  /** Reads the configuration again. One that is wrong changes nothing. */
  reload(): Promise<void>
  /** What is wrong with the configuration as it was last read; it is not in use then. */
  problem(): { error: PortalError; at: Date } | undefined
  start(): void
  close(): Promise<void>
}

type Parts = { config: Config; load: () => Promise<Config>; users: readonly ConfigUser[]; log: Logger }

/** Watches the files of the configuration and hands what changes to its users: to all of them or, if one objects, to none. */
export function followConfig({ config, load, users, log }: Parts): ConfigFollower {
  let current = config
  let found: { error: PortalError; at: Date } | undefined
  let line: Promise<void> = Promise.resolve()
  let watch: FileWatch | undefined
  let watched = ''
  let isClosed = false

  async function readAgain(): Promise<void> {
    if (isClosed) return
    try {
      const next = await load()
      watchFilesOf(next)
      const applies = await Promise.all(users.map(user => user.prepare(next)))
      const live = users.flatMap(user => user.keys)
      const changed = listChangedKeys(current.root, next.root, live)
      current = next
      found = undefined
      for (const apply of applies) await apply()
      const isLive = (key: string) => live.some(each => each === key || each.startsWith(`${key}.`))
      const [taken, late] = [changed.filter(isLive), changed.filter(key => !isLive(key))]
      if (taken.length > 0) log.info(`The configuration has changed and is in use: ${taken.join(', ')}`)
      if (late.length > 0) log.warn(`The configuration has changed; these keys wait for the next start: ${late.join(', ')}`)
    } catch (cause) {
      // why: whatever is thrown here was thrown by reading or checking.
      const error = toPortalError(cause as Error)
      found = { error, at: new Date() }
      log.error({ err: cause, code: error.code }, `The changed configuration is not used: ${error.message}`)
    }
  }

  function reload(): Promise<void> {
    return (line = line.then(readAgain))
  }

  function watchFilesOf(next: Config): void {
    const files = [...new Set([...next.files, ...users.flatMap(user => user.files(next))])].toSorted()
    if (isClosed || files.join('\n') === watched) return
    watched = files.join('\n')
    const former = watch
    const started = watchFiles(files, reload, error => log.warn({ err: error }, 'The configuration cannot be watched'))
    watch = started
    void former?.close()
    // What was edited before the watch began is not reported: it is looked for once.
    void started.ready.then(() => (watch === started ? reload() : undefined))
  }

  return {
    reload,
    problem: () => found,
    start: () => watchFilesOf(config),
    async close() {
      isClosed = true
      await watch?.close()
      await line
    },
  }
}
