import { Agent, request } from 'node:http'

export type Ask = { method?: string; path: string; headers?: Record<string, string>; body?: unknown }
export type Load = { perSecond: number; p50Ms: number; p95Ms: number; p99Ms: number; failed: number }

/** Asks again and again over kept connections: so many clients, each waiting for its answer. The first second is not counted. */
export async function load(base: string, next: () => Ask, clients: number, seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  const times: number[] = []
  let failed = 0
  const countFrom = performance.now() + 1000
  const end = countFrom + seconds * 1000
  const client = async () => {
    while (performance.now() < end) {
      const start = performance.now()
      const status = await ask(base, agent, next())
      if (start < countFrom) continue
      times.push(performance.now() - start)
      if (status !== 200) failed++
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  agent.destroy()
  times.sort((a, b) => a - b)
  const quantile = (part: number) => Number((times[Math.min(times.length - 1, Math.floor(part * times.length))] ?? 0).toFixed(2))
  return {
    perSecond: Math.round(times.length / seconds),
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    p99Ms: quantile(0.99),
    failed,
  }
}

function ask(base: string, agent: Agent, { method = 'GET', path, headers: given = {}, body }: Ask): Promise<number> {
  return new Promise((done, fail) => {
    const data = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      ...given,
      ...(data ? { 'content-type': 'application/json', 'content-length': Buffer.byteLength(data) } : {}),
    }
    const outgoing = request(new URL(path, base), { method, agent, headers }, response => {
      response.on('data', () => undefined)
      response.on('end', () => done(response.statusCode ?? 0))
    })
    outgoing.on('error', fail)
    outgoing.end(data)
  })
}
