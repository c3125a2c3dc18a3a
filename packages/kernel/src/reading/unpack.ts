import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { openPromise } from 'yauzl'
import { kernelErrors } from '../errors.ts'

/** What an archive may hold at most; bytes are counted unpacked, of all files and of those that are kept. */
export type UnpackLimits = { entries: number; fileBytes: number; totalBytes: number; keptBytes: number }

export type UnpackOptions = {
  type: 'tar.gz' | 'zip'
  /** How many folders of each path are left out. */
  strip: number
  isWanted(path: string): boolean
  limits: UnpackLimits
  /** For the sentences of errors. */
  url: string
  signal: AbortSignal
}

export type Unpacked = { path: string; bytes: Buffer; modifiedAt?: Date }

/** Unpacks the wanted files of an archive as it arrives; links, and paths that lead out, are passed over. Throws `READ_ARCHIVE_…`. */
export async function unpack(body: Readable, options: UnpackOptions): Promise<Unpacked[]> {
  try {
    return await (options.type === 'zip' ? unpackZip(body, options) : unpackTar(body, options))
  } catch (error) {
    if (options.signal.aborted || (error instanceof Error && 'status' in error)) throw error
    const problem = error instanceof Error ? error.message : String(error)
    throw kernelErrors.READ_ARCHIVE_BROKEN({ url: options.url, problem }, { cause: error })
  }
}

async function unpackTar(body: Readable, options: UnpackOptions): Promise<Unpacked[]> {
  const unpacker = extract()
  const count = createCounter(options)
  const found: Unpacked[] = []
  // why: what the packed stream expands to is bounded here, whatever the headers of its entries say.
  const feeding = pipeline(body, createGunzip(), count.passBytes, unpacker, { signal: options.signal })
  feeding.catch(() => undefined)
  for await (const entry of unpacker) {
    const { name, type, size = 0, mtime } = entry.header
    count.entry()
    const path = type === 'file' ? safePath(name, options.strip) : undefined
    if (path === undefined || !options.isWanted(path)) {
      entry.resume()
      continue
    }
    count.file(path, size)
    const chunks: Buffer[] = []
    for await (const chunk of entry) chunks.push(chunk)
    found.push({ path, bytes: Buffer.concat(chunks), ...(mtime ? { modifiedAt: mtime } : {}) })
  }
  await feeding
  return found
}

async function unpackZip(body: Readable, options: UnpackOptions): Promise<Unpacked[]> {
  // A zip is read from its end, so it has to be there whole; it is on disk, not in memory.
  const file = join(tmpdir(), `callboard-${randomUUID()}.zip`)
  const count = createCounter(options)
  try {
    await pipeline(body, count.passBytes, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal: options.signal })
    const zip = await openPromise(file, { autoClose: false, strictFileNames: false })
    try {
      const found: Unpacked[] = []
      for await (const entry of zip.eachEntry()) {
        count.entry()
        // why: the upper half holds the mode of Unix; a link would be a file whose text is its target.
        const isLink = ((entry.externalFileAttributes >>> 16) & 0o170000) === 0o120000
        const path = isLink || entry.fileName.endsWith('/') ? undefined : safePath(entry.fileName, options.strip)
        if (path === undefined || !options.isWanted(path)) continue
        count.file(path, entry.uncompressedSize)
        const chunks: Buffer[] = []
        // why: yauzl fails when more comes out than the entry says.
        for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(Buffer.from(chunk))
        found.push({ path, bytes: Buffer.concat(chunks), modifiedAt: entry.getLastModDate() })
      }
      return found
    } finally {
      zip.close()
    }
  } finally {
    await rm(file, { force: true })
  }
}

function createCounter({ limits, url }: UnpackOptions) {
  let entries = 0
  let kept = 0
  const fail = (limit: string) => kernelErrors.READ_ARCHIVE_LIMIT({ url, limit })
  return {
    entry() {
      if (++entries > limits.entries) throw fail(`it has more than ${limits.entries} entries`)
    },
    file(path: string, bytes: number) {
      if (bytes > limits.fileBytes) throw fail(`${path} is larger than ${limits.fileBytes} bytes`)
      kept += bytes
      if (kept > limits.keptBytes) throw fail(`the files that are read are larger than ${limits.keptBytes} bytes together`)
    },
    async *passBytes(source: AsyncIterable<Buffer>) {
      let total = 0
      for await (const chunk of source) {
        total += chunk.length
        if (total > limits.totalBytes) throw fail(`it is larger than ${limits.totalBytes} bytes unpacked`)
        yield chunk
      }
    },
  }
}

/** The path inside the repository; undefined for one that leads out of it. */
export function safePath(name: string, strip: number): string | undefined {
  if (name.startsWith('/') || name.includes('\\') || name.includes('\0')) return undefined
  const steps = name.split('/').filter(step => step !== '' && step !== '.')
  if (steps.includes('..') || /^[a-z]:$/i.test(steps[0] ?? '')) return undefined
  return steps.slice(strip).join('/') || undefined
}
