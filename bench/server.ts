import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

export type Server = {
  url: string
  /** From the start of the process to the first good answer of the readiness endpoint. */
  readyMs: number
  sinceStartMs(): number
  /** Waits until so many entities besides Locations can be read. */
  visible(count: number): Promise<void>
  /** Waits until the index answers. @returns milliseconds since the start */
  indexed(): Promise<number>
  /** Waits until nothing is read any more. */
  idle(): Promise<void>
  names(kind: string, count: number): Promise<string[]>
  metric(name: string): Promise<number>
  rssMb(): Promise<number>
  cpuPercent(seconds: number): Promise<number>
  stop(): Promise<void>
}

type Options = { config: string; port: number; dataDir: string; databaseUrl: string | undefined }

const ROOT = resolve(import.meta.dirname, '..')
const TICKS_PER_SECOND = 100

/** Starts the server's own process with the flags of the launcher, so that npm and its build are not measured. */
export async function startServer({ config, port, dataDir, databaseUrl }: Options): Promise<Server> {
  // why: the launcher runs under an older Node and has no types.
  const { serverFlags, serverEnvironment } = (await import(`${ROOT}/scripts/serverFlags.mjs`)) as {
    serverFlags: string[]
    serverEnvironment: Record<string, string>
  }
  const env = { ...process.env, ...serverEnvironment, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) }
  const args = [...serverFlags, resolve(ROOT, 'packages/cli/src/main.ts'), 'start', '--config', config, '--port', String(port)]
  const started = performance.now()
  const child = spawn(process.execPath, [...args, ...(databaseUrl ? [] : ['--data', dataDir])], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  const get = async (path: string) => (await fetch(`${url}${path}`)).text()
  await poll(async () => (await fetch(`${url}/.backstage/health/v1/readiness`)).ok, 5)
  const readyMs = Math.round(performance.now() - started)
  const status = () => readFile(`/proc/${child.pid}/status`, 'utf8')
  const ticks = async () => {
    const fields = (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
    return Number(fields[11]) + Number(fields[12])
  }
  const metric = async (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(await get('/metrics'))?.[1] ?? Number.NaN)
  const total = async (query: string) =>
    (JSON.parse(await get(`/api/catalog/entities/by-query?limit=0&q=${encodeURIComponent(query)}`)) as { totalItems: number })
      .totalItems
  return {
    url,
    readyMs,
    metric,
    sinceStartMs: () => Math.round(performance.now() - started),
    visible: count => poll(async () => (await total('-kind:location')) >= count, 50),
    async indexed() {
      await poll(async () => (await metric('callboard_catalog_index_ready')) === 1, 20)
      return Math.round(performance.now() - started)
    },
    async idle() {
      for (let before = -1, now = await ticks(); now - before > 2;) {
        await new Promise(done => setTimeout(done, 500))
        ;[before, now] = [now, await ticks()]
      }
    },
    async names(kind, count) {
      const path = `/api/catalog/entities/by-query?filter=kind%3D${kind}&limit=${count}&orderField=metadata.name&fields=metadata.name`
      return (JSON.parse(await get(path)) as { items: { metadata: { name: string } }[] }).items.map(each => each.metadata.name)
    },
    rssMb: async () => Math.round(Number(/VmRSS:\s+(\d+)/.exec(await status())?.[1]) / 1024),
    async cpuPercent(seconds) {
      const before = await ticks()
      await new Promise(done => setTimeout(done, seconds * 1000))
      return Math.round((((await ticks()) - before) / TICKS_PER_SECOND / seconds) * 10_000) / 100
    },
    async stop() {
      if (child.exitCode !== null) return
      const ended = new Promise(done => child.once('exit', done))
      child.kill('SIGTERM')
      await ended
    },
  }
}

async function poll(check: () => Promise<boolean>, everyMs: number): Promise<void> {
  for (const end = Date.now() + 300_000; Date.now() < end; await new Promise(done => setTimeout(done, everyMs))) {
    if (await check().catch(() => false)) return
  }
  throw new Error('It did not come about within five minutes')
}
