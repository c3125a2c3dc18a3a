// Starts everything that package.json names. Runs under the machine's own Node (18 or newer), so it is plain JavaScript without dependencies.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildWeb, isWebBuilt } from './buildWeb.mjs'
import { install, node24, root } from './install.mjs'
import { serverEnvironment, serverFlags } from './serverFlags.mjs'
import { startProcess, supervise } from './supervise.mjs'

const main = join(root, 'packages/cli/src/main.ts')
const [command = 'help', ...rest] = process.argv.slice(2)

try {
  await install()
  process.exitCode = await launch(command, rest)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** @returns {Promise<number>} the exit code */
async function launch(name, args) {
  if (name === 'run') return supervise([startProcess(node24(), args)])
  if (name === 'build') return (await buildWeb()) ? 0 : 1
  if (name === 'dev') return startDevelopment(args)
  if (name === 'start' && !(await buildWeb({ ifStale: true }))) return 1
  return supervise([
    startProcess(node24(), [...serverFlags, main, name, ...args], { cwd: callerFolder(), env: serverEnvironment, channel: true }),
  ])
}

/** The server under Node's own watcher, and Vite, which sends changes of the pages to the browser. */
async function startDevelopment(args) {
  if (!isWebBuilt() && !(await buildWeb())) return 1
  const port = args.find((_, index) => args[index - 1] === '--port') ?? '7007'
  console.error(`Development pages with hot reload: http://127.0.0.1:7008 (the server is on port ${port})`)
  return supervise([
    startProcess(node24(), ['--watch', '--watch-preserve-output', main, 'start', ...args], { cwd: callerFolder() }),
    startProcess(node24(), [join(root, 'node_modules/vite/bin/vite.js')], {
      env: { CALLBOARD_URL: process.env.CALLBOARD_URL ?? `http://127.0.0.1:${port}` },
    }),
  ])
}

/** Where the person stands: npm moves to the repository before it runs a script. */
function callerFolder() {
  const { INIT_CWD, npm_lifecycle_event } = process.env
  const movedByNpm = npm_lifecycle_event && INIT_CWD && process.cwd() === root && existsSync(INIT_CWD)
  return movedByNpm ? INIT_CWD : process.cwd()
}
