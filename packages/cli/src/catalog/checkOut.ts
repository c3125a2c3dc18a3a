import { findDate } from '@callboard/sdk/query'
import { execFile } from 'node:child_process'
import { cp, mkdir, rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import { cliErrors } from '../errors.ts'

const run = promisify(execFile)
const SKIPPED = /[\\/](?:node_modules|\.git)$/

/**
 * Copies a folder as it was at a date or git revision; without one, as it is.
 *
 * @throws PortalError REVISION_UNKNOWN
 */
export async function checkOut(folder: string, revision: string | undefined, into: string): Promise<void> {
  await mkdir(into, { recursive: true })
  if (revision === undefined) return cp(folder, into, { recursive: true, filter: source => !SKIPPED.test(source) })
  const archive = `${into}.tar`
  try {
    const commit = await findCommit(folder, revision)
    // why: git archive in a folder of the repository takes that folder alone, with paths that begin there.
    await git(folder, 'archive', '--format=tar', '-o', archive, commit, '.')
    await run('tar', ['-xf', archive, '-C', into])
  } catch (cause) {
    throw cliErrors.REVISION_UNKNOWN({ folder, revision, reason: reasonOf(cause) }, { cause })
  } finally {
    await rm(archive, { force: true })
  }
}

async function findCommit(folder: string, revision: string): Promise<string> {
  const date = findDate(revision)
  if (!date) return git(folder, 'rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`)
  const commit = await git(folder, 'rev-list', '-1', `--before=${date}`, 'HEAD')
  if (!commit) throw new Error('no commit is as old.')
  return commit
}

async function git(folder: string, ...args: string[]): Promise<string> {
  return (await run('git', ['-C', folder, ...args])).stdout.trim()
}

function reasonOf(cause: unknown): string {
  const stderr = typeof cause === 'object' && cause !== null && 'stderr' in cause ? String(cause.stderr).trim() : ''
  if (stderr) return stderr.split('\n')[0] ?? stderr
  return cause instanceof Error ? cause.message : String(cause)
}
