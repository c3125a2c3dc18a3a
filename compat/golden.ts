import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'

/**
 * Compares a whole answer with `golden/<name>.json`. What differs from run to run is replaced by its name: uids, etags, ids,
 * cursors, and the address of the host that the files came from.
 *
 * With `UPDATE_GOLDEN=1` in the environment the file is written instead, to be read and judged before it is committed.
 */
export async function expectGolden(name: string, answer: unknown, host: string): Promise<void> {
  const path = join(import.meta.dirname, 'golden', `${name}.json`)
  const text = `${JSON.stringify(answer === undefined ? '<undefined>' : answer, (key, value) => mask(key, value, host), 2)}\n`
  if (process.env.UPDATE_GOLDEN) await writeFile(path, text)
  expect(JSON.parse(text)).toEqual(JSON.parse(await readFile(path, 'utf8')))
}

const MASKED: Record<string, RegExp> = {
  uid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  id: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  etag: /^[0-9a-f]{40}$/,
  nextCursor: /^[\w-]+$/,
  prevCursor: /^[\w-]+$/,
}

function mask(key: string, value: unknown, host: string): unknown {
  if (typeof value !== 'string') return value
  if (MASKED[key]?.test(value)) return `<${key}>`
  return value.replaceAll(host, '<host>').replaceAll(/generated-[0-9a-f]{40}/g, 'generated-<sha1>')
}
