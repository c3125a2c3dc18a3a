import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { root } from './install.mjs'

const PARENT_CHECK_MS = 500
const SAME_PRESS_MS = 500
const TERMINAL_GRACE_MS = 2000
const KILL_AFTER_MS = 15_000

/**
 * Starts a process that shares this one's terminal.
 *
 * @param {{ cwd?: string, env?: Record<string, string>, channel?: boolean }} options `channel` lets the child notice when this process is gone
 */
export function startProcess(file, args, { cwd = root, env = {}, channel = false } = {}) {
  return spawn(file, args, {
    cwd,
    stdio: ['inherit', 'inherit', 'inherit', ...(channel ? ['ipc'] : [])],
    env: { ...env, ...process.env },
  })
}

/**
 * Waits until the first of the processes ends, then ends the others. Passes signals on; a second Ctrl-C kills.
 *
 * @returns {Promise<number>} the exit code of the first that ended
 */
export async function supervise(children) {
  let stoppedAt = 0
  const signalAll = signal => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  }
  const stop = signal => {
    if (stoppedAt > 0) return
    stoppedAt = Date.now()
    // why: Ctrl-C in a terminal has reached the children already, and a second signal means "at once" to some.
    if (signal === 'SIGINT' && process.stdin.isTTY) setTimeout(signalAll, TERMINAL_GRACE_MS, 'SIGTERM').unref()
    else signalAll(signal)
    setTimeout(signalAll, KILL_AFTER_MS, 'SIGKILL').unref()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // why: one Ctrl-C arrives twice under npm, from the terminal and from npm.
      const again = stoppedAt > 0 && Date.now() - stoppedAt > SAME_PRESS_MS
      if (again && signal === 'SIGINT') signalAll('SIGKILL')
      else stop(signal)
    })
  }
  const watch = watchParents(() => stop('SIGTERM'))
  const code = await Promise.race(children.map(exitOf))
  stop('SIGTERM')
  await Promise.all(children.map(exitOf))
  clearInterval(watch)
  return code
}

function exitOf(child) {
  return new Promise((resolve, reject) => {
    const done = (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0))
    if (child.exitCode !== null || child.signalCode !== null) done(child.exitCode, child.signalCode)
    child.once('exit', done)
    child.once('error', reject)
  })
}

function watchParents(onGone) {
  const parent = process.ppid
  const byNpm = Boolean(process.env.npm_lifecycle_event)
  const grandparent = byNpm ? parentOf(parent) : undefined
  // why: npm that is signalled alone ends without its script, and npm that is killed leaves a shell in between:
  // nobody would ever stop the server. Nothing tells a process that its parent is gone, so it has to look.
  const isGone = () => process.ppid !== parent || (grandparent !== undefined && parentOf(parent) !== grandparent)
  return setInterval(() => isGone() && onGone(), PARENT_CHECK_MS).unref()
}

/** The parent of another process; undefined where the system has no /proc. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // why: the second field is a name in parentheses, which may itself hold spaces and parentheses.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    // why: not Linux, or the process is gone; the direct parent is watched all the same.
    return undefined
  }
}
