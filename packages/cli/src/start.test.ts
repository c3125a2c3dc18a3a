import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder, runCallboard, startCallboard } from './testkit/runCallboard.ts'

const config = 'catalog:\n  locations:\n    - { type: file, target: ./catalog-info.yaml }\n'
const entity = 'apiVersion: backstage.io/v1alpha1\nkind: Group\nmetadata:\n  name: team\nspec:\n  type: team\n  children: []\n'
const address = /Callboard is at (http:\/\/\S+)/

// why: a new embedded database takes seconds, and many of them on a busy machine.
describe('callboard start', { timeout: 60_000 }, () => {
  it('serves the portal of the folder and ends with 0 on SIGTERM', async () => {
    const cwd = await createFolder({ 'app-config.yaml': config, 'catalog-info.yaml': entity })
    const { child, finished, saw } = startCallboard(['start', '--port', '0', '--data', 'data'], { cwd })
    const url = await saw(address)
    expect((await fetch(`${url}/.backstage/health/v1/readiness`)).status).toBe(200)
    child.kill('SIGTERM')
    expect((await finished).code).toBe(0)
  })

  it('ends with 0 when it is stopped while it starts', async () => {
    const cwd = await createFolder({ 'app-config.yaml': 'plugins: [./slow.ts]\n', 'slow.ts': SLOW_PLUGIN })
    const { child, finished, saw } = startCallboard(['start', '--port', '0'], { cwd })
    await saw(/(setting up)/)
    child.kill('SIGTERM')
    expect((await finished).code).toBe(0)
  })

  it('names the port that is in use', async () => {
    const cwd = await createFolder({ 'app-config.yaml': config, 'catalog-info.yaml': entity })
    await using server = createServer()
    const port = await new Promise<number>(done =>
      server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)),
    )
    const { code, stderr } = await runCallboard(['start', '--port', String(port)], { cwd })
    expect(code).toBe(1)
    expect(stderr).toContain(`PORT_IN_USE  The port ${port} of 127.0.0.1 is in use.\n`)
  })

  it('names the file and line of a wrong key', async () => {
    const cwd = await createFolder({ 'app-config.yaml': 'backend:\n  litsen: 1\n' })
    const { code, stderr } = await runCallboard(['start', '--config', join(cwd, 'app-config.yaml')], { cwd })
    expect(code).toBe(1)
    expect(stderr).toContain('app-config.yaml:2:3')
    expect(stderr).not.toContain('    at ')
  })
})

const SLOW_PLUGIN = `export default {
  name: 'slow',
  async setup() {
    console.error('setting up')
    await new Promise(done => setTimeout(done, 300))
  },
}
`
