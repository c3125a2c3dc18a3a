import { execFileSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { createFolder, runCallboard, startCallboard } from '../testkit/runCallboard.ts'

const component = (name: string, owner = 'team-a', lifecycle = 'production') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: ${lifecycle}\n  owner: ${owner}\n`
const FILES = { 'catalog-info.yaml': component('a'), 'more/b.yaml': component('b', 'team-b'), 'notes.yaml': 'not: an entity\n' }
const config = `backend:
  auth:
    externalAccess:
      - { type: static, options: { token: secret-of-a-script, subject: script } }
catalog:
  locations:
    - { type: file, target: ./catalog-info.yaml }
    - { type: file, target: ./more/b.yaml }
`
const TABLE = `REF                  TYPE     LIFECYCLE   OWNER
component:default/a  service  production  team-a
component:default/b  service  production  team-b
`

async function startPortal(): Promise<{ CALLBOARD_URL: string }> {
  const cwd = await createFolder({ ...FILES, 'app-config.yaml': config })
  const { saw } = startCallboard(['start', '--port', '0', '--data', 'data'], { cwd })
  const url = await saw(/Callboard is at (http:\/\/\S+)/)
  const isRead = async () => {
    const { totalItems } = (await (await fetch(`${url}/api/catalog/entities/by-query?q=kind:component`)).json()) as {
      totalItems: number
    }
    return totalItems === 2
  }
  await expect.poll(isRead, { timeout: 60_000 }).toBe(true)
  return { CALLBOARD_URL: url }
}

// why: a new embedded database takes seconds, and many of them on a busy machine.
describe('the catalog on the command line', { timeout: 180_000 }, () => {
  it('asks a running portal', async () => {
    const env = await startPortal()
    const ask = (...args: string[]) => runCallboard(args, { env })
    expect(await ask('query', 'kind:component sort:name')).toEqual({ code: 0, stdout: TABLE, stderr: '' })
    expect(await ask('query', 'kind:component', 'sort:-name', '--limit', '1')).toEqual({
      code: 0,
      stdout: 'REF                  TYPE     LIFECYCLE   OWNER\ncomponent:default/b  service  production  team-b\n',
      stderr: '1 of 2; --limit 0 lists all of them.\n',
    })
    expect(JSON.parse((await ask('query', 'owner:team-b', '--json')).stdout)).toMatchObject([
      { kind: 'Component', metadata: { name: 'b' }, relations: [{ type: 'ownedBy', targetRef: 'group:default/team-b' }] },
    ])
    expect((await ask('query', 'kind:component', '--at', '2020-01-01')).stdout).toBe('REF  TYPE  LIFECYCLE  OWNER  TITLE\n')
    expect((await ask('get', 'component:a')).stdout).toContain('kind: Component\nmetadata:\n')
    expect(JSON.parse((await ask('get', 'Component:default/a', '--json')).stdout)).toMatchObject({ metadata: { name: 'a' } })
    expect((await ask('diff', '--from', '2020-01-01', 'kind:component')).stdout).toBe(
      '+ component:default/a\n+ component:default/b\n2 added, 0 removed, 0 changed\n',
    )
  })

  it('registers, lists and forgets locations', async () => {
    const env = await startPortal()
    const ask = (...args: string[]) => runCallboard(['locations', ...args], { env })
    const url = 'https://example.com/catalog-info.yaml'
    expect((await ask('add', url)).stdout).toMatch(/^https:\/\/example\.com\/catalog-info\.yaml is registered as [\da-f-]{36}\n$/)
    const [location] = JSON.parse((await ask('list', '--json')).stdout) as { id: string; target: string }[]
    expect(location).toEqual({ id: expect.any(String), type: 'url', target: url })
    expect((await ask('add', url)).stderr).toMatch(/^LOCATION_EXISTS {2}/)
    expect((await ask('rm', url)).stdout).toBe(`${url} is no longer registered\n`)
    expect((await ask('list')).stdout).toBe('ID  TYPE  TARGET\n')
    expect(await ask('rm', 'nothing')).toMatchObject({ code: 1, stderr: expect.stringMatching(/^LOCATION_NOT_FOUND {2}/) })
  })

  it('points at what is wrong with a query, and says who was refused', async () => {
    const env = await startPortal()
    const { code, stdout, stderr } = await runCallboard(['query', 'kind:component ownr:x'], { env })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^QUERY_\w+ {2}.+\n {2}kind:component ownr:x\n {17}\^{4}\n {2}hint: Did you mean owner\?/)
    expect(await runCallboard(['query', '--token', 'wrong'], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^TOKEN_UNKNOWN {2}/),
    })
    const known = { ...env, CALLBOARD_TOKEN: 'secret-of-a-script' }
    expect((await runCallboard(['query', 'name:a'], { env: known })).code).toBe(0)
    expect((await runCallboard(['get', 'component:none'], { env })).stderr).toMatch(/^ENTITY_NOT_FOUND {2}/)
  })

  it('asks the files of a folder, with the same output', async () => {
    const cwd = await createFolder(FILES)
    expect(await runCallboard(['query', 'kind:component sort:name', '--files', '.'], { cwd })).toEqual({
      code: 0,
      stdout: TABLE,
      stderr: '',
    })
    const get = await runCallboard(['get', 'component:b', '--files', '.', '--json'], { cwd })
    expect(JSON.parse(get.stdout)).toMatchObject({ spec: { owner: 'team-b' } })
    expect((await runCallboard(['query', 'kind:(', '--files', '.'], { cwd })).stderr).toContain('\n  kind:(\n')
    expect((await runCallboard(['locations', 'list', '--files', '.'], { cwd })).stdout).toMatch(
      /^TYPE {2}TARGET\nfile .+catalog-info\.yaml\nfile .+b\.yaml\n$/,
    )
  })

  it('asks the files of a folder as git knows them', async () => {
    const cwd = await createFolder(FILES)
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd, stdio: 'pipe' })
    git('init', '--quiet')
    git('add', '.')
    git('commit', '--quiet', '-m', 'first', '--date', '2026-01-01T00:00:00Z')
    await writeFile(join(cwd, 'catalog-info.yaml'), component('a', 'team-a', 'deprecated') + '---\n' + component('c'))
    git('rm', '--quiet', 'more/b.yaml')
    const diff = await runCallboard(['diff', '--files', '.', '--from', 'HEAD'], { cwd })
    expect(diff).toEqual({
      code: 0,
      stdout: `~ component:default/a
    /spec/lifecycle: "production" → "deprecated"
- component:default/b
+ component:default/c
1 added, 1 removed, 1 changed
`,
      stderr: '',
    })
    expect((await runCallboard(['query', 'sort:name', '--files', '.', '--at', 'HEAD', '--json'], { cwd })).stdout).toContain(
      '"name": "b"',
    )
    const unknown = await runCallboard(['query', '--files', '.', '--at', '--output=x'], { cwd })
    expect(unknown.code).toBe(2)
    expect((await runCallboard(['query', '--files', '.', '--at', 'no-such-branch'], { cwd })).stderr).toMatch(
      /^REVISION_UNKNOWN {2}/,
    )
  })

  it('says that no portal answers, or that something else does', async () => {
    const server = createServer((_, reply) => reply.end('<html>'))
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    // why: a server that listens on a port has an address and a port.
    const { port } = server.address() as AddressInfo
    const url = `http://127.0.0.1:${port}`
    expect((await runCallboard(['query', '--url', url])).stderr).toMatch(
      /^PORTAL_FOREIGN {2}http:\/\/127\.0\.0\.1:\d+ answered 200/,
    )
    server.closeAllConnections()
    await new Promise(done => server.close(done))
    const { code, stderr } = await runCallboard(['query', '--url', url])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^PORTAL_UNREACHABLE {2}No portal answers at http:\/\/127\.0\.0\.1:\d+: connect ECONNREFUSED/)
  })

  it.each([
    [['get'], 'ARGUMENT_MISSING  The command get needs a ref.\n'],
    [['get', 'payments'], 'REF_INVALID  Entity reference "payments" had missing or empty kind'],
    [['diff'], 'ARGUMENT_MISSING  The command diff needs --from.\n'],
    [['locations'], 'ARGUMENT_MISSING  The command locations needs one of list, add and rm.\n'],
    [['locations', 'add', 'x', '--files', '.'], 'PORTAL_NEEDED  callboard locations add changes a running portal'],
    [['query', '--limit', 'x'], 'OPTION_INVALID  The option --limit must be a number from 0, not x.\n'],
    [['query', '--url', 'portal'], 'OPTION_INVALID  The option --url must begin with http:// or https://, not portal.\n'],
    [['query', '--url', 'http://x', '--files', '.'], 'OPTION_INVALID  The option --url does not go with --files.\n'],
  ])('ends with 2 and one sentence for %j', async (args, sentence) => {
    const { code, stdout, stderr } = await runCallboard(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr.startsWith(sentence), stderr).toBe(true)
  })
})
