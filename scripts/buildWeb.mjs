import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { node24, root } from './install.mjs'

const target = join(root, 'dist/web')
const stampFile = join(target, '.stamp')
const inputs = [
  'package-lock.json',
  'vite.config.ts',
  'packages/ui/src',
  'packages/ui/package.json',
  'packages/sdk/src',
  'packages/portal/src',
]

/** Whether there are pages to serve, fresh or not. */
export function isWebBuilt() {
  return existsSync(join(target, 'index.html'))
}

/**
 * Builds the pages with Vite into dist/web and says so in one line.
 *
 * @param {{ ifStale?: boolean }} options `ifStale` builds only when a source has changed since the last build
 * @returns {Promise<boolean>} whether the pages are there
 */
export async function buildWeb({ ifStale = false } = {}) {
  const stamp = hashInputs()
  if (ifStale && isWebBuilt() && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return true
  const began = Date.now()
  process.stderr.write('Building the browser pages … ')
  // why: built beside and then moved, so that a portal that is running never serves half of a build.
  const fresh = join(root, `dist/web-${process.pid}`)
  mkdirSync(fresh, { recursive: true })
  try {
    const vite = join(root, 'node_modules/vite/bin/vite.js')
    const args = [vite, 'build', '--outDir', fresh, '--emptyOutDir', '--logLevel', 'warn']
    const { status } = spawnSync(node24(), args, { cwd: root, stdio: ['ignore', 2, 2] })
    process.stderr.write(status === 0 ? `${((Date.now() - began) / 1000).toFixed(1)} s\n` : 'failed, see above\n')
    if (status !== 0) return false
    compressAssets(join(fresh, 'assets'))
    writeFileSync(join(fresh, '.stamp'), stamp)
    rmSync(target, { recursive: true, force: true })
    renameSync(fresh, target)
    return true
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Compressed once here and as small as can be, so that the server only sends files. */
function compressAssets(folder) {
  for (const name of readdirSync(folder)) {
    if (!/\.(js|css|svg)$/.test(name)) continue
    const bytes = readFileSync(join(folder, name))
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes))
    writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }))
  }
}

function hashInputs() {
  const hash = createHash('sha256')
  for (const input of inputs) {
    const path = join(root, input)
    if (!existsSync(path)) continue
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true }).map(file => join(path, String(file)))
      : [path]
    for (const file of files.filter(isInput).sort()) {
      const { size, mtimeMs } = statSync(file)
      hash.update(`${file}\n${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

/** Of the portal only what runs in browsers counts: the pages, and the contracts that they share with the server. */
function isInput(file) {
  if (/\.test\.tsx?$/.test(file) || !/\.\w+$/.test(file)) return false
  const inPortal = file.startsWith(join(root, 'packages/portal/src') + sep)
  return !inPortal || file.includes(`${sep}web${sep}`) || file.endsWith(`${sep}contract.ts`)
}
