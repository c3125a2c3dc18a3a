const MOST_OF_A_HOST = 2
const MOST_AT_ONCE = 24

type Waiting = { host: string; start(): void }

/** Lets a few readings of each host run at a time, so that a slow host is in nobody's way but its own. */
export function createTurns(): <T>(host: string, run: () => Promise<T>) => Promise<T> {
  const running = new Map<string, number>()
  let line: Waiting[] = []
  let total = 0

  function startNext(): void {
    line = line.filter(({ host, start }) => {
      const ofHost = running.get(host) ?? 0
      if (ofHost >= MOST_OF_A_HOST || total >= MOST_AT_ONCE) return true
      running.set(host, ofHost + 1)
      total++
      start()
      return false
    })
  }

  return async (host, run) => {
    const turn = Promise.withResolvers<void>()
    line.push({ host, start: turn.resolve })
    startNext()
    await turn.promise
    try {
      return await run()
    } finally {
      running.set(host, (running.get(host) ?? 1) - 1)
      total--
      startNext()
    }
  }
}
