import { describe, expect, it } from 'vitest'
import { createFolder, runCallboard } from '../testkit/runCallboard.ts'

const component = (name: string, owner = 'team') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\nspec:\n  type: service\n  lifecycle: production\n  owner: ${owner}\n`
const api = (definition: string) =>
  `apiVersion: backstage.io/v1alpha1\nkind: API\nmetadata:\n  name: orders\nspec:\n  type: openapi\n  lifecycle: production\n  owner: team\n  definition:\n    $text: ${definition}\n`

describe('callboard check', () => {
  it('passes what is right', async () => {
    const cwd = await createFolder({ 'catalog-info.yaml': `${component('a')}---\n${component('b')}` })
    expect(await runCallboard(['check', 'catalog-info.yaml'], { cwd })).toEqual({
      code: 0,
      stdout: '1 file, 2 entities: 0 errors, 0 warnings\n',
      stderr: '',
    })
  })

  it('names the file, line and column of each error, and still reads the other documents', async () => {
    const cwd = await createFolder({ 'catalog-info.yaml': `${component('not a name')}---\nkind: [\n---\n${component('b')}` })
    const { code, stdout } = await runCallboard(['check', 'catalog-info.yaml'], { cwd })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^catalog-info\.yaml:4:9 {2}DESCRIPTOR_FIELD {2}.+\n {2}hint: Correct the field metadata\.name\.\n/)
    expect(stdout).toMatch(/^catalog-info\.yaml:1[01]:\d+ {2}DESCRIPTOR_YAML {2}/m)
    expect(stdout).toMatch(/1 file, 1 entity: 2 errors, 0 warnings\n$/)
  })

  it('prints JSON', async () => {
    const cwd = await createFolder({ 'a.yaml': component('a', '"::"') })
    const { code, stdout } = await runCallboard(['check', '--json', 'a.yaml'], { cwd })
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      files: 1,
      entities: 0,
      errors: 1,
      warnings: 0,
      findings: [{ level: 'error', line: 8, column: 10, code: 'DESCRIPTOR_RELATION', ref: 'component:default/a' }],
    })
  })

  it('warns about an entity that is declared twice, and fails with --strict', async () => {
    const cwd = await createFolder({ 'a.yaml': `${component('a')}---\n${component('A')}`, 'b.yaml': component('a') })
    const { code, stdout } = await runCallboard(['check', '*.yaml'], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain('a.yaml:13:9  DESCRIPTOR_DUPLICATE  warning: The file declares component:default/a twice')
    expect(stdout).toContain('b.yaml:4:9  CATALOG_CONFLICT  warning: component:default/a is already declared by a.yaml')
    expect((await runCallboard(['check', '--strict', '*.yaml'], { cwd })).code).toBe(1)
  })

  it('fills placeholders with local files and takes those of URLs as right', async () => {
    const cwd = await createFolder({
      'local.yaml': api('./orders.yaml'),
      'orders.yaml': 'openapi: 3.1.0',
      'remote.yaml': api('https://example.com/orders.yaml'),
      'missing.yaml': api('./none.yaml'),
    })
    expect((await runCallboard(['check', 'local.yaml', 'remote.yaml'], { cwd })).code).toBe(0)
    const { code, stdout } = await runCallboard(['check', 'missing.yaml'], { cwd })
    expect(code).toBe(1)
    expect(stdout).toMatch(/^missing\.yaml:10:5 {2}DESCRIPTOR_PLACEHOLDER {2}/)
  })

  it('follows the references of definitions in local files, and takes those of URLs as right', async () => {
    const definition = (target: string) => api(target).replace('$text', '$openapi')
    const cwd = await createFolder({
      'right.yaml': `${definition('./api/openapi.yaml')}---\n${definition('https://example.com/openapi.yaml').replace('orders', 'far')}`,
      'wrong.yaml': definition('./wrong/openapi.yaml'),
      'api/openapi.yaml': 'a: { $ref: ./part.yaml#/x }\nb: { $ref: https://example.com/part.yaml#/y }\n',
      'api/part.yaml': 'x: 1\n',
      'wrong/openapi.yaml': 'a: { $ref: ./part.yaml#/x }\n',
    })
    expect((await runCallboard(['check', 'right.yaml'], { cwd })).stdout).toBe('1 file, 2 entities: 0 errors, 0 warnings\n')
    expect((await runCallboard(['check', 'wrong.yaml'], { cwd })).stdout).toMatch(
      /^wrong\.yaml:10:5 {2}DESCRIPTOR_PLACEHOLDER {2}/,
    )
  })

  it('looks in a folder for catalog files, and leaves other YAML and skeletons alone', async () => {
    const cwd = await createFolder({
      'x/catalog-info.yaml': component('a'),
      'x/org/teams.yml': component('b'),
      'x/app-config.yaml': 'app: {}\n',
      'x/deployment.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: a b\n',
      'x/template/skeleton/catalog-info.yaml': component('${{ values.name }}'),
    })
    expect((await runCallboard(['check', 'x'], { cwd })).stdout).toBe('2 files, 2 entities: 0 errors, 0 warnings\n')
  })

  it('says when nothing matches', async () => {
    const { code, stderr } = await runCallboard(['check', 'no/such/*.yaml'])
    expect([code, stderr.split('\n')[0]]).toEqual([1, 'NOTHING_MATCHES  Nothing matches no/such/*.yaml.'])
  })
})
