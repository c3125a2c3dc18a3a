import type { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { kernelErrors } from '../errors.ts'
import { showUrl } from './showUrl.ts'

/** Reads a body as text, giving up as soon as it grows over the limit, packed or unpacked. Throws `READ_TOO_LARGE`. */
export async function readBody({ headers, body }: Dispatcher.ResponseData, url: URL, maxBytes: number): Promise<string> {
  const tooLarge = () => kernelErrors.READ_TOO_LARGE({ url: showUrl(url), bytes: maxBytes })
  const encodings = String(headers['content-encoding'] ?? '')
    .split(',')
    .map(encoding => encoding.trim().toLowerCase())
    .filter(encoding => encoding !== '' && encoding !== 'identity')
  const decoder = encodings.length === 0 ? undefined : encodings.length === 1 && decoderOf(encodings[0])
  if (decoder === false || Number(headers['content-length'] ?? 0) > maxBytes) {
    body.on('error', () => undefined).destroy()
    if (decoder !== false) throw tooLarge()
    throw kernelErrors.READ_UPSTREAM({ url: showUrl(url), problem: `its encoding ${encodings.join(', ')} is not known.` })
  }

  const chunks: Buffer[] = []
  let size = 0
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      size += chunk.length
      if (size > maxBytes) throw tooLarge()
      chunks.push(chunk)
    }
  }
  const source: Readable = body
  await (decoder ? pipeline(source, decoder, collect) : pipeline(source, collect))
  return new TextDecoder().decode(Buffer.concat(chunks))
}

function decoderOf(encoding: string | undefined): Transform | false {
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip()
  if (encoding === 'br') return createBrotliDecompress()
  if (encoding === 'deflate') return createInflate()
  return encoding === 'zstd' && createZstdDecompress()
}
