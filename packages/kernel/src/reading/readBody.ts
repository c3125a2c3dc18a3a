import { PassThrough, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { kernelErrors } from '../errors.ts'
import { showUrl } from './showUrl.ts'

const DECODERS = new Map<string, () => Transform>([
  ['identity', () => new PassThrough()],
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['br', createBrotliDecompress],
  ['deflate', createInflate],
  ['zstd', createZstdDecompress],
])

/** Reads a body as text, giving up as soon as it grows over the limit, packed or unpacked. Throws `READ_TOO_LARGE`. */
export async function readBody(response: Dispatcher.ResponseData, url: URL, maxBytes: number): Promise<string> {
  const tooLarge = () => kernelErrors.READ_TOO_LARGE({ url: showUrl(url), bytes: maxBytes })
  const chunks: Buffer[] = []
  let size = 0
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      size += chunk.length
      if (size > maxBytes) throw tooLarge()
      chunks.push(chunk)
    }
  }

  const encoding = String(response.headers['content-encoding'] || 'identity').toLowerCase()
  const makeDecoder = DECODERS.get(encoding)
  try {
    if (!makeDecoder) throw kernelErrors.READ_UPSTREAM({ url: showUrl(url), problem: `its encoding ${encoding} is not known.` })
    if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
    await pipeline(response.body, makeDecoder(), collect)
  } catch (error) {
    discardBody(response)
    throw error
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}

/** Ends a response whose body nobody wants. */
export function discardBody({ body }: Dispatcher.ResponseData): void {
  // why: destroying an unread body reports an abort, which is what is meant here.
  body.on('error', () => undefined).destroy()
}
