import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

export type FileServer = {
  /** Such as `http://127.0.0.1:40123`. */
  url: string
  /** `127.0.0.1:40123`, for `backend.reading.allow`. */
  host: string
  /** Texts by path; a function answers by itself. */
  files: Record<string, string | ((request: IncomingMessage, response: ServerResponse) => void)>
  /** Status codes of all answers, by path. */
  answered: Record<string, number[]>
}

/** A web host as Git hosts are: serves texts with an ETag, and 304 to whoever has the text. It ends with the test. */
export async function serveFiles(files: FileServer['files'] = {}): Promise<FileServer> {
  const answered: FileServer['answered'] = {}
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    response.once('finish', () => (answered[path] ??= []).push(response.statusCode))
    const file = files[path]
    if (typeof file === 'function') return file(request, response)
    if (file === undefined) return response.writeHead(404).end()
    const etag = `"${file.length}-${[...file].reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) % 1_000_003, 7)}"`
    if (request.headers['if-none-match'] === etag) return response.writeHead(304, { etag }).end()
    return response.writeHead(200, { etag, 'content-type': 'text/yaml' }).end(file)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  })
  const address = server.address()
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return { url: `http://${host}`, host, files, answered }
}
