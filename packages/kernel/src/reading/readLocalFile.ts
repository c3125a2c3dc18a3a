import { open } from 'node:fs/promises'
import { kernelErrors } from '../errors.ts'

/** Reads a text file of the machine. Throws `FILE_NOT_FOUND`, `FILE_TOO_LARGE` or `FILE_UNREADABLE`. */
export async function readLocalFile(path: string, { maxBytes = 10 * 1024 * 1024 }: { maxBytes?: number } = {}): Promise<string> {
  const where = { file: path }
  try {
    await using file = await open(path)
    const stats = await file.stat()
    if (!stats.isFile()) throw kernelErrors.FILE_UNREADABLE({ path, problem: 'it is not a file.' }, { where })
    if (stats.size > maxBytes) throw kernelErrors.FILE_TOO_LARGE({ path, bytes: maxBytes }, { where })
    return new TextDecoder().decode(await file.readFile())
  } catch (cause) {
    if (!(cause instanceof Error) || !('syscall' in cause)) throw cause
    if ('code' in cause && cause.code === 'ENOENT') throw kernelErrors.FILE_NOT_FOUND({ path }, { where, cause })
    throw kernelErrors.FILE_UNREADABLE({ path, problem: cause.message }, { where, cause })
  }
}
