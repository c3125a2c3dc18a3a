// Names in package-lock.json the packages of every platform. A registry that serves only some of them makes npm leave
// the others out, and `npm ci` refuses such a file on every platform. Run it after the dependencies have changed.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './install.mjs'

const lockFile = join(root, 'package-lock.json')

/** The optional packages that others ask for and the file does not have, by their path in it. */
export function findMissing(packages) {
  const missing = {}
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isThere(packages, path, name)) continue
      missing[`node_modules/${name}`] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true }
    }
  }
  return missing
}

function isThere(packages, path, name) {
  for (let base = path; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
    if (packages[`${base && `${base}/`}node_modules/${name}`]) return true
    if (base === '') return false
  }
}

/** Such packages end with `<os>-<cpu>` and on Linux also with their C library. */
function platformOf(name) {
  const match =
    /(?<os>android|darwin|freebsd|linux|openharmony|win32)-(?<cpu>arm64|arm|ia32|ppc64|riscv64|s390x|x64)(?:-(?<abi>\w+))?$/.exec(
      name,
    )
  if (!match) throw new Error(`The platform of ${name} is not in its name: install it where the registry serves it.`)
  const { os, cpu, abi = '' } = match.groups
  const libc = os === 'linux' && (abi.startsWith('musl') ? 'musl' : abi.startsWith('gnu') ? 'glibc' : undefined)
  return { cpu: [cpu], os: [os], ...(libc ? { libc: [libc] } : {}) }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const lock = JSON.parse(readFileSync(lockFile, 'utf8'))
  const missing = findMissing(lock.packages)
  const all = Object.entries({ ...lock.packages, ...missing })
  lock.packages = Object.fromEntries(all.sort(([a], [b]) => (a < b ? -1 : 1)))
  writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`${Object.keys(missing).length} packages of other platforms were added to package-lock.json.`)
}
