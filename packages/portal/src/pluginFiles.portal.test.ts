import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestPortal } from './testkit/createTestPortal.ts'

const HELLO = `import { definePlugin, z } from '@callboard/sdk'
import { parseQuery } from '@callboard/sdk/query'

export default definePlugin({
  name: 'hello',
  config: z.object({ greeting: z.string().default('Hello'), times: z.number().optional() }),
  setup(portal) {
    const said: string = portal.config.greeting
    portal.get('/', {}, () => ({ said, where: parseQuery('kind:component').where.type }))
  },
})
`

describe('a plugin that the configuration names by path', () => {
  it('needs no build and no installation, and reads its own section', async () => {
    const portal = await createTestPortal({
      files: { 'plugins/hello.ts': HELLO },
      config: { plugins: ['./plugins/hello.ts'], hello: { greeting: 'Ahoy' } },
    })
    expect(await portal.get('/api/hello')).toEqual({ said: 'Ahoy', where: 'field' })
    expect(portal.plugins.find(each => each.name === 'hello')).toMatchObject({
      from: './plugins/hello.ts',
      routes: ['GET /api/hello'],
    })
    const plain = await createTestPortal({ files: { 'hello.ts': HELLO }, config: { plugins: [{ use: './hello.ts' }] } })
    expect((await plain.get('/api/hello')).said).toBe('Hello')
  })

  it('refuses wrong keys and types of its section, with file and line', async () => {
    const files = { 'hello.ts': HELLO, 'app-config.yaml': 'plugins:\n  - ./hello.ts\nhello:\n  greeting: 7\n' }
    await expect(createTestPortal({ files })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'The configuration has a problem: hello.greeting must be a text, not a number (app-config.yaml:4:3).',
      where: { key: 'hello.greeting', line: 4 },
    })
    const strange = { 'hello.ts': HELLO, 'app-config.yaml': 'plugins:\n  - ./hello.ts\nhello:\n  greetin: hi\n' }
    await expect(createTestPortal({ files: strange })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'The configuration has a problem: hello.greetin is not a known key; did you mean greeting? (app-config.yaml:4:3).',
    })
  })

  it('stops the start when it is missing, has no shape, or fails to set up', async () => {
    const fails =
      "import { definePlugin } from '@callboard/sdk'\nexport default definePlugin({ name: 'fails', setup() { throw new Error('no luck') } })\n"
    await expect(createTestPortal({ config: { plugins: ['./none.ts'] } })).rejects.toMatchObject({
      code: 'PLUGIN_NOT_FOUND',
      where: { file: expect.stringContaining('app-config.yaml'), line: 1 },
    })
    await expect(createTestPortal({ config: { plugins: ['nobody-made-this-package'] } })).rejects.toMatchObject({
      code: 'PLUGIN_NOT_FOUND',
    })
    await expect(
      createTestPortal({ files: { 'x.ts': 'export const x = 1\n' }, config: { plugins: ['./x.ts'] } }),
    ).rejects.toMatchObject({ code: 'PLUGIN_SHAPE' })
    await expect(
      createTestPortal({
        files: { 'x.ts': "export default { name: 'Not A Name', setup() {} }\n" },
        config: { plugins: ['./x.ts'] },
      }),
    ).rejects.toMatchObject({ code: 'PLUGIN_SHAPE' })
    await expect(createTestPortal({ files: { 'fails.ts': fails }, config: { plugins: ['./fails.ts'] } })).rejects.toMatchObject({
      code: 'PLUGIN_SETUP_FAILED',
      message: 'The plugin fails failed to set up: no luck',
      where: { plugin: 'fails', file: './fails.ts' },
    })
  })

  it('is left out, and named, when it is optional and fails', async () => {
    const fails =
      "import { definePlugin } from '@callboard/sdk'\nexport default definePlugin({ name: 'fails', setup(portal) { portal.card({ title: 'x', view: () => ({ view: 'text', text: 'x' }) }); throw new Error('no luck') } })\n"
    const files = { 'hello.ts': HELLO, 'fails.ts': fails }
    const portal = await createTestPortal({
      files,
      config: { plugins: [{ use: './fails.ts', optional: true }, { use: './none.ts', optional: true }, './hello.ts'] },
    })
    expect(portal.plugins.filter(each => each.error).map(({ name, error }) => [name, error])).toEqual([
      ['fails', 'The plugin fails failed to set up: no luck'],
      ['./none.ts', expect.stringContaining(`there is no file ${join(portal.folder, 'none.ts')}`)],
    ])
    expect((await portal.get('/api/hello')).said).toBe('Hello')
    expect(portal.log.filter(line => line.includes('is left out'))).toHaveLength(2)
  })
})
