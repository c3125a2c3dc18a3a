import { describe, expect, it } from 'vitest'
import { createFolder, runCallboard } from './testkit/runCallboard.ts'

const HELLO = `import { definePlugin, text } from '@callboard/sdk'
export default definePlugin({
  name: 'hello',
  setup(portal) {
    portal.get('/world', {}, () => ({ hello: 'world' }))
    portal.tab({ title: 'Greetings', view: () => text('Hello') })
    portal.kind({ kind: 'Greeting' })
    portal.card({ title: 'Hello', view: () => text('Hello') })
  },
})
`

describe('callboard plugins', { timeout: 60_000 }, () => {
  it('prints what each plugin adds, of a file outside the repository too', async () => {
    const cwd = await createFolder({ 'app-config.yaml': 'plugins: [./hello.ts]\n', 'hello.ts': HELLO })
    const { code, stdout } = await runCallboard(['plugins'], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain(
      'hello (./hello.ts)\n  routes    GET /api/hello/world\n  cards     Hello\n  tabs      Greetings\n  kinds     Greeting',
    )
    expect(stdout).toMatch(/^catalog \(/)
  })

  it('prints JSON alone', async () => {
    const cwd = await createFolder({ 'app-config.yaml': 'plugins: [./hello.ts]\n', 'hello.ts': HELLO })
    const { stdout } = await runCallboard(['plugins', '--json'], { cwd })
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ name: 'hello', routes: ['GET /api/hello/world'], cards: ['Hello'] }),
    )
  })

  it('names the plugin that cannot be set up', async () => {
    const broken = "export default { name: 'broken', setup() { throw new Error('no luck') } }\n"
    const cwd = await createFolder({ 'app-config.yaml': 'plugins: [./broken.ts]\n', 'broken.ts': broken })
    const { code, stderr } = await runCallboard(['plugins'], { cwd })
    expect(code).toBe(1)
    expect(stderr).toContain('PLUGIN_SETUP_FAILED  The plugin broken failed to set up: no luck\n')
  })
})
