import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const lockFile = join(root, 'package-lock.json')
const stampFile = join(root, 'node_modules/.callboard-install')

/** Installs what package-lock.json names, unless it is there already. */
export async function install() {
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex')
  if (readText(stampFile) === wanted && findNode24()) return
  if (!isInstalled() || !findNode24()) {
    console.error('Installing the packages that Callboard is made of (once after each update)')
    runNpm(['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  }
  node24()
  writeFileSync(stampFile, wanted)
}

/** The pinned Node. */
export function node24() {
  const path = findNode24()
  if (!path) {
    throw new Error('Node 24 is missing from node_modules: its install script did not run. Try `npm ci --ignore-scripts=false`.')
  }
  return path
}

function findNode24() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const path = join(root, 'node_modules/node/bin', name)
  return existsSync(path) ? path : undefined
}

/** Whether npm's own list of what is in node_modules has all that package-lock.json asks for. */
function isInstalled() {
  const present = readText(join(root, 'node_modules/.package-lock.json'))
  if (!present) return false
  const { packages } = JSON.parse(present)
  return Object.entries(JSON.parse(readFileSync(lockFile, 'utf8')).packages).every(
    ([path, { version, optional }]) => path === '' || (packages[path] ? packages[path].version === version : optional),
  )
}

function runNpm(args) {
  const { npm_execpath: npm } = process.env
  const [file, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  // why: standard output belongs to the command that was asked for.
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' }
  const { status, error } = spawnSync(file, [...first, ...args], options)
  if (error) throw new Error(`npm could not be started: ${error.message}`)
  if (status !== 0) throw new Error(`The packages could not be installed: npm ended with ${status ?? 'a signal'}. See above.`)
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
