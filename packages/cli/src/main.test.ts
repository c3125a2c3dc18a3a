import { describe, expect, it } from 'vitest'
import { runCallboard } from './testkit/runCallboard.ts'

describe('the command', () => {
  it('lists its commands when it is given none', async () => {
    const { code, stdout } = await runCallboard([])
    expect(code).toBe(0)
    for (const command of ['start', 'plugins', 'config', 'check']) expect(stdout).toContain(`callboard ${command} `)
  })

  it('tells its version', async () => {
    expect(await runCallboard(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
  })

  it('explains one command', async () => {
    const { code, stdout } = await runCallboard(['start', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('--data DIR')
    expect((await runCallboard(['help', 'start'])).stdout).toBe(stdout)
  })

  it.each([
    [['strat'], 'COMMAND_UNKNOWN  There is no command "strat".\n  hint: Did you mean start? All commands: callboard help.\n'],
    [
      ['start', '--prot', '1'],
      'OPTION_UNKNOWN  The command start has no option "--prot".\n  hint: Its options: callboard help start.\n',
    ],
    [['start', '--port'], 'OPTION_INVALID  The option --port needs a value.\n  hint: Its options: callboard help start.\n'],
    [
      ['start', '--port', 'x'],
      'OPTION_INVALID  The option --port must be a number from 0 to 65535, not x.\n  hint: Its options: callboard help start.\n',
    ],
    [['start', '--open=yes'], 'OPTION_INVALID  The option --open takes no value.\n  hint: Its options: callboard help start.\n'],
    [
      ['config', 'x'],
      'ARGUMENT_UNEXPECTED  The command config takes no argument "x".\n  hint: How it is used: callboard help config.\n',
    ],
    [
      ['check'],
      'FILES_MISSING  No files are named to check.\n  hint: Name files, patterns or folders, such as callboard check catalog-info.yaml.\n',
    ],
  ])('ends with 2 and one sentence for %j', async (args, stderr) => {
    expect(await runCallboard(args)).toEqual({ code: 2, stdout: '', stderr })
  })
})
