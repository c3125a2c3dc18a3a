import type { App } from './createHttp.ts'

const LOOK_AGAIN_MS = 50
const LONGEST_MS = 6_000

/** Stops listening and finishes the requests that have come; what takes too long is cut off, so that the process can end. */
export async function closeHttp(app: App): Promise<void> {
  // why: a connection whose answer ends after the close began is idle from then on, and Node would keep it for its keep-alive time.
  const idle = setInterval(() => app.server.closeIdleConnections(), LOOK_AGAIN_MS)
  const all = setTimeout(() => app.server.closeAllConnections(), LONGEST_MS)
  try {
    await app.close()
  } finally {
    clearInterval(idle)
    clearTimeout(all)
  }
}
