import { readFileSync } from 'node:fs'
import { open, readFile, unlink } from 'node:fs/promises'
import { kernelErrors } from '../errors.ts'

/**
 * Takes `<directory>.lock`, which names the process that holds the folder.
 * A lock whose process is gone, or whose number another process has now, is taken over.
 *
 * @throws PortalError DATABASE_LOCKED
 * @returns what gives the lock back
 */
export async function lockFolder(directory: string): Promise<() => Promise<void>> {
  const path = `${directory}.lock`
  for (;;) {
    try {
      const file = await open(path, 'wx')
      await file.writeFile(`${process.pid} ${startOf(process.pid)}\n`)
      await file.close()
      return () => unlink(path).catch(() => undefined)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid = '', start = ''] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ')
    if (isAlive(Number(pid), start)) throw kernelErrors.DATABASE_LOCKED({ directory, pid })
    await unlink(path).catch(() => undefined)
  }
}

function isAlive(pid: number, start: string): boolean {
  if (!pid) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return startOf(pid) === start
}

/** When a process began, as Linux tells it: it sets a reused process number apart. Elsewhere a constant. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0'
  } catch {
    return '0'
  }
}
