import { realpath } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createFolder, runCallboard } from './testkit/runCallboard.ts'

const files = {
  'app-config.yaml': 'app:\n  title: Ours\nintegrations:\n  github:\n    - host: github.com\n      token: ${TOKEN}\n',
  'more.yaml': 'app:\n  title: Theirs\n',
}
const env = { TOKEN: 'gh-very-secret' }

describe('callboard config', () => {
  it('prints the merged configuration without secrets', async () => {
    const cwd = await createFolder(files)
    const { code, stdout } = await runCallboard(['config', '--config', 'app-config.yaml', '--config', 'more.yaml'], { cwd, env })
    expect(code).toBe(0)
    expect(stdout).toBe('app:\n  title: Theirs\nintegrations:\n  github:\n    - host: github.com\n      token: "***"\n')
  })

  it('says with --places where each value was written', async () => {
    const cwd = await realpath(await createFolder(files))
    const { stdout } = await runCallboard(['config', '--places'], { cwd, env })
    expect(stdout).toContain('title: Ours # app-config.yaml:2:3\n')
    expect(stdout).not.toContain(env.TOKEN)
    const { stdout: json } = await runCallboard(['config', '--places', '--json'], { cwd, env })
    expect(JSON.parse(json)).toContainEqual({ key: 'integrations.github[0].token', value: '***', place: 'app-config.yaml:6:7' })
  })

  it('prints JSON', async () => {
    const cwd = await createFolder({ 'app-config.yaml': files['more.yaml'] })
    expect(JSON.parse((await runCallboard(['config', '--json'], { cwd })).stdout)).toEqual({ app: { title: 'Theirs' } })
  })

  it('names a file that does not exist', async () => {
    const { code, stderr } = await runCallboard(['config', '--config', 'none.yaml'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^CONFIG_MISSING {2}The configuration file .*none\.yaml does not exist\.\n/)
  })
})
