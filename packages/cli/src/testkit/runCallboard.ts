import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

const MAIN = join(import.meta.dirname, '../main.ts')

export type Finished = { code: number | null; stdout: string; stderr: string }

/** Runs the command in a folder until it ends by itself. */
export async function runCallboard(args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}): Promise<Finished> {
  return startCallboard(args, options).finished
}

/** Starts the command; `saw` waits for a text on standard error. It ends with the test. */
export function startCallboard(args: string[], { cwd = tmpdir(), env = {} }: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { DATABASE_URL: _, ...inherited } = process.env
  const child: ChildProcess = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output = { stdout: '', stderr: '' }
  child.stdout?.on('data', chunk => (output.stdout += String(chunk)))
  child.stderr?.on('data', chunk => (output.stderr += String(chunk)))
  const finished = new Promise<Finished>(done => child.once('close', code => done({ code, ...output })))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await finished
  })
  const saw = (pattern: RegExp) =>
    new Promise<string>((done, fail) => {
      const look = () => pattern.exec(output.stderr)?.[1]
      child.stderr?.on('data', () => look() && done(look() ?? ''))
      void finished.then(({ code, stderr }) => fail(new Error(`It ended with ${code}: ${stderr}`)))
      if (look()) done(look() ?? '')
    })
  return { child, finished, saw }
}

/** A folder with these files, by relative path; it goes with the test. */
export async function createFolder(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'callboard-cli-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return folder
}
