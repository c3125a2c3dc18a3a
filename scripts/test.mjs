// Runs every test. What tests need beyond npm is looked for, installed where that is possible, and otherwise skipped aloud.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { buildWeb } from './buildWeb.mjs'
import { root } from './install.mjs'
import { startProcess, supervise } from './supervise.mjs'

const PROGRAMS = [
  { title: 'PostgreSQL', package: 'postgresql', variable: 'CALLBOARD_TEST_PG_BIN', project: 'postgres', find: findPostgres },
  { title: 'Chromium', package: 'chromium', variable: 'CALLBOARD_TEST_CHROMIUM', project: 'browser', find: findChromium },
]

const args = process.argv.slice(2)
const listsProjects = args.some(arg => arg.startsWith('--project'))

installMissing()
const found = PROGRAMS.map(program => ({ ...program, path: program.find() }))
for (const { title, project, path } of found) {
  if (!path) console.error(`SKIPPED: ${title} is not on this machine, so the tests of the project "${project}" do not run.`)
}
if (!(await buildWeb({ ifStale: true }))) console.error('The browser pages could not be built: tests of the browser will fail.')

const skipped = found.filter(({ path }) => !path && !listsProjects).map(({ project }) => `--project=!${project}`)
const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts/plainReporter.mjs')}`]
const env = Object.fromEntries(found.map(({ variable, path }) => [variable, path ?? '']))
process.exitCode = await supervise([
  startProcess(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...reporters, ...skipped, ...args], {
    env,
  }),
])

function installMissing() {
  const missing = PROGRAMS.filter(program => !program.find())
  if (missing.length === 0) return
  const titles = missing.map(({ title }) => title).join(' and ')
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(`${titles} not found. On Debian: apt-get install -y ${missing.map(each => each.package).join(' ')}`)
    return
  }
  console.error(`${titles} not found: installing with apt-get, as this is Debian and you are root.`)
  const options = { stdio: ['ignore', 2, 2], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  spawnSync('apt-get', ['update', '-qq'], options)
  // why: one at a time, so that one that fails does not take the other with it.
  for (const { title, package: name } of missing) {
    const { status } = spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options)
    if (status !== 0) console.error(`${title} could not be installed, see above.`)
  }
}

/** The folder with initdb and postgres. */
function findPostgres() {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [process.env.CALLBOARD_TEST_PG_BIN, ...versions.map(version => join(debian, version, 'bin')), ...pathFolders()]
  return folders.find(folder => folder && existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

function findChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const installed = ['/usr/bin', ...pathFolders()].flatMap(folder => names.map(name => join(folder, name)))
  return [process.env.CALLBOARD_TEST_CHROMIUM, process.env.CHROMIUM_PATH, ...installed].find(path => path && existsSync(path))
}

function pathFolders() {
  return (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
}
