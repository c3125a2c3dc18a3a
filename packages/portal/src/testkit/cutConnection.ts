import { connect, createServer, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export type Cuttable = {
  port: number
  /** Ends all connections and refuses new ones, as a database does that restarts. */
  cut(): Promise<void>
  restore(): Promise<void>
}

/** A connection to a port of this machine that a test can cut and restore. */
export async function createCuttable(target: number): Promise<Cuttable> {
  const sockets = new Set<Socket>()
  const server = createServer(near => {
    const far = connect(target, '127.0.0.1')
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  const listen = (port: number) => new Promise<void>(done => server.listen(port, '127.0.0.1', done))
  await listen(0)
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const cut = async () => {
    if (!server.listening) return
    const closed = new Promise(done => server.close(done))
    for (const socket of sockets) socket.resetAndDestroy()
    await closed
  }
  onTestFinished(cut)
  return { port, cut, restore: () => listen(port) }
}
