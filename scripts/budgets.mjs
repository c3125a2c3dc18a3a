import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildWeb } from './buildWeb.mjs'
import { findMissing } from './completeLock.mjs'
import { root } from './install.mjs'

const LONGEST_FILE = 300
const LONGEST_README = 90
const LONGEST_DECISION = 40
const FIRST_LOAD_BYTES = 230_000
const FIRST_PAGE = 'catalog/web/CatalogPage.tsx'

/** @typedef {{ problems: string[], note?: string }} Result */

/** No source is longer than one can read at a sitting; tests, SQL and data aside. @returns {Result} */
export function checkFileLengths() {
  const files = list('{packages,scripts,bench,e2e,compat,examples,plugins}/**/*.{ts,tsx,css,mjs}').filter(isSource)
  const sizes = files.map(file => ({ file, lines: countLines(file), most: LONGEST_FILE }))
  const middle = sizes.map(({ lines }) => lines).sort((a, b) => a - b)[Math.floor(sizes.length / 2)]
  if (existsSync(join(root, 'README.md'))) sizes.push({ file: 'README.md', lines: countLines('README.md'), most: LONGEST_README })
  const problems = sizes
    .filter(({ lines, most }) => lines > most)
    .map(({ file, lines, most }) => `${file} has ${lines} lines; ${most} are allowed.`)
  return { problems, note: `${files.length} files, median ${middle} lines` }
}

function isSource(file) {
  return !/(^|\/)(node_modules|dist|skeleton)\/|\.test\.tsx?$/.test(file)
}

/** Every path that ARCHITECTURE.md names exists. Paths may start at the repository or at a package's `src`. @returns {Result} */
export function checkNamedPaths() {
  if (!existsSync(join(root, 'ARCHITECTURE.md'))) return { problems: ['ARCHITECTURE.md does not exist.'] }
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8').replace(/^```.*?^```/gms, '')
  const named = new Set([...text.matchAll(/`([^`\s]+)`/g)].map(match => match[1]).filter(isPath))
  const bases = ['', 'packages', 'examples', ...list('packages/*/src'), ...list('packages/portal/src/*/')]
  const exists = path => bases.some(base => globSync(path, { cwd: join(root, base) }).length > 0)
  const problems = [...named].filter(path => !exists(path)).map(path => `ARCHITECTURE.md names ${path}, which does not exist.`)
  return { problems, note: `${named.size} paths` }
}

function isPath(text) {
  const isPlain = /^[\w.*{},-]+(\/[\w.*{},-]+)*\/?$/.test(text) && text.includes('/')
  return (
    isPlain &&
    (/\.(ts|tsx|mjs|md|sql|json|yaml|css)$/.test(text) ||
      text.endsWith('/') ||
      /^(packages|scripts|docs|examples|e2e|bench|compat|plugins|\.ci)\//.test(text))
  )
}

/** Each dependency is pinned exactly and has its line with a reason; each decision is half a page. @returns {Result} */
export function checkDecisions() {
  const problems = []
  const reasons = readText('docs/decisions/dependencies.md')
  const seen = new Set()
  for (const file of ['package.json', ...list('packages/*/package.json')]) {
    const { dependencies, devDependencies } = JSON.parse(readText(file))
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      if (/^(@callboard\/|callboard$)/.test(name)) continue
      seen.add(name)
      if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) problems.push(`${file} asks for ${name} ${version}; pin it exactly.`)
      const line = reasons.split('\n').find(each => each.includes(`\`${name}\``))
      if (!line) problems.push(`docs/decisions/dependencies.md has no line for ${name}.`)
      else if (!line.includes(version))
        problems.push(`docs/decisions/dependencies.md names another version of ${name} than ${file} (${version}).`)
    }
  }
  for (const [, name] of reasons.matchAll(/^\| `([^`]+)`/gm))
    if (!seen.has(name)) problems.push(`docs/decisions/dependencies.md explains ${name}, which nothing depends on.`)
  for (const file of list('docs/decisions/*.md')) {
    const lines = countLines(file)
    if (lines > LONGEST_DECISION && !file.endsWith('dependencies.md'))
      problems.push(`${file} has ${lines} lines; ${LONGEST_DECISION} are allowed.`)
  }
  return { problems, note: `${seen.size} dependencies` }
}

/** `npm ci` accepts the lock file on every platform. @returns {Result} */
export function checkLockFile() {
  const missing = Object.keys(findMissing(JSON.parse(readText('package-lock.json')).packages))
  return {
    problems:
      missing.length > 0
        ? [
            `${missing.length} packages of other platforms are missing, and npm ci will refuse it: run node scripts/completeLock.mjs.`,
          ]
        : [],
  }
}

/** What a browser loads before it shows the catalog. @returns {Promise<Result>} */
export async function checkFirstLoad() {
  if (!(await buildWeb({ ifStale: true }))) return { problems: ['The browser pages could not be built, see above.'] }
  const manifest = JSON.parse(readText('dist/web/.vite/manifest.json'))
  const entry = Object.keys(manifest).find(key => manifest[key].isEntry)
  const page = Object.keys(manifest).find(key => key.endsWith(FIRST_PAGE))
  if (!entry || !page) return { problems: [`The build has no ${entry ? `chunk of ${FIRST_PAGE}` : 'entry'}.`] }
  const files = new Set()
  const add = key => {
    if (files.has(manifest[key].file)) return
    files.add(manifest[key].file)
    for (const next of manifest[key].imports ?? []) add(next)
  }
  add(entry)
  add(page)
  const bytes = [...files]
    .filter(file => file.endsWith('.js'))
    .reduce((sum, file) => sum + gzipSync(readFileSync(join(root, 'dist/web', file))).length, 0)
  const note = `${Math.round(bytes / 1000)} kB of ${FIRST_LOAD_BYTES / 1000} kB JavaScript (gzip)`
  return { problems: bytes > FIRST_LOAD_BYTES ? [`The catalog page loads ${note}.`] : [], note }
}

function list(pattern) {
  return globSync(pattern, { cwd: root, exclude: path => path.includes('node_modules') })
    .map(path => path.replaceAll('\\', '/'))
    .sort()
}

function countLines(file) {
  return readText(file).trimEnd().split('\n').length
}

function readText(file) {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : ''
}
