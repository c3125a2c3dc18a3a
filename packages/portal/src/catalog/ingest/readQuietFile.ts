import { readLocalFile } from '@callboard/kernel/reading/readLocalFile'
import { stat } from 'node:fs/promises'

const QUIET_MS = 50
const MOST_READS = 10

/**
 * Reads a file that nobody is just writing. Most programs empty a file before they write it: taken in at that moment,
 * it would say that all of its entities are gone.
 */
export async function readQuietFile(path: string): Promise<string> {
  for (let reads = 1; ; reads++) {
    const text = await readLocalFile(path)
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs
    // why: on a file system of another machine a file may come from the future.
    if (age < 0 || age >= QUIET_MS || reads === MOST_READS) return text
    await new Promise(done => setTimeout(done, QUIET_MS - age))
  }
}
