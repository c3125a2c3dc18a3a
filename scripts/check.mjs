// Everything that can be said of the code without running it: types, lint with the arrows, format, unused code, budgets.
// `node scripts/check.mjs types lint` runs only these.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { checkDecisions, checkFileLengths, checkFirstLoad, checkLockFile, checkNamedPaths } from './budgets.mjs'
import { root } from './install.mjs'

const TOOLS = {
  types: () => run('typescript/bin/tsc', ['-p', 'tsconfig.json']),
  lint: () => run('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings', '--format', 'unix']),
  format: () => run('oxfmt/bin/oxfmt', ['--check'], 'Run `npm run format` to put it right.'),
  unused: () => run('knip/bin/knip.js', ['--no-progress', '--no-config-hints']),
}

const BUDGETS = {
  'file lengths': checkFileLengths,
  'named paths': checkNamedPaths,
  decisions: checkDecisions,
  'lock file': checkLockFile,
  'first load': checkFirstLoad,
}

const wanted = process.argv.slice(2)
const isWanted = ([name]) => wanted.length === 0 || wanted.includes(name)
const results = await Promise.all(Object.entries(TOOLS).filter(isWanted).map(measure))
for (const budget of Object.entries(BUDGETS).filter(isWanted)) results.push(await measure(budget))
const failed = results.filter(({ problems }) => problems.length > 0)
for (const { name, problems } of failed) console.log(`\n${name}\n${problems.map(line => `  ${line}`).join('\n')}`)
console.log('')
for (const { name, problems, note, seconds } of results) {
  console.log(
    `${problems.length > 0 ? 'FAILED' : 'ok    '}  ${name.padEnd(13)} ${seconds.toFixed(1).padStart(5)} s  ${note ?? ''}`.trimEnd(),
  )
}
console.log(failed.length > 0 ? `\nFAILED: ${failed.map(({ name }) => name).join(', ')}` : '\nAll checks passed.')
process.exitCode = failed.length > 0 ? 1 : 0

async function measure([name, check]) {
  const began = Date.now()
  const { problems, note } = await check()
  return { name, problems, note, seconds: (Date.now() - began) / 1000 }
}

/** Runs a tool of node_modules; what it prints are the problems when it fails. */
function run(tool, args, hint) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', tool), ...args], {
      cwd: root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk))
    child.once('error', reject)
    child.once('close', code => {
      const lines = output.split('\n').filter(line => line.trim() !== '')
      resolve({
        problems: code === 0 ? [] : [...lines, ...(hint ? [hint] : []), ...(lines.length > 0 ? [] : [`It ended with ${code}.`])],
      })
    })
  })
}
