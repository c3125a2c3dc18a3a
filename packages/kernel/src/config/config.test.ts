import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { loadConfig } from './config.ts'

let dir: string

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'config-')))
})

afterEach(() => rm(dir, { recursive: true }))

async function write(files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), text)
  }
}

async function load(files: Record<string, string>, env: NodeJS.ProcessEnv = {}, paths: string[] = []) {
  await write(files)
  return loadConfig({ cwd: dir, env, paths })
}

describe('sources', () => {
  test('later files win, local ones last, and the environment over all', async () => {
    const config = await load(
      {
        'app-config.yaml': 'a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n',
        'app-config.production.yaml': 'b: 2\nc: 2\nd: 2\ne: 2\n',
        'app-config.local.yaml': 'c: 3\nd: 3\ne: 3\n',
        'app-config.production.local.yaml': 'd: 4\ne: 4\n',
      },
      { BACKSTAGE_ENV: 'production, absent', APP_CONFIG_e: '5' },
    )
    expect(config.root).toEqual({ a: 1, b: 2, c: 3, d: 4, e: 5 })
    expect(config.files).toEqual(
      ['app-config.yaml', 'app-config.production.yaml', 'app-config.local.yaml', 'app-config.production.local.yaml'].map(name =>
        join(dir, name),
      ),
    )
    expect(config.dir).toBe(dir)
  })

  test('--config replaces the default files', async () => {
    const config = await load({ 'app-config.yaml': 'a: 1', 'conf/one.yaml': 'b: 1\nc: 1', 'two.yaml': 'c: 2' }, {}, [
      'conf/one.yaml',
      'two.yaml',
    ])
    expect(config.root).toEqual({ b: 1, c: 2 })
    expect(config.dir).toBe(join(dir, 'conf'))
  })

  test('a missing main file is named', async () => {
    await expect(load({})).rejects.toMatchObject({ code: 'CONFIG_MISSING', where: { file: join(dir, 'app-config.yaml') } })
    await expect(load({}, {}, ['other.yaml'])).rejects.toMatchObject({ code: 'CONFIG_MISSING' })
    await expect(load({}, {}, ['https://config.example/a.yaml'])).rejects.toMatchObject({ code: 'CONFIG_REMOTE' })
  })

  test('maps merge, lists and scalars are replaced, and null takes a value away', async () => {
    const config = await load({
      'app-config.yaml': 'a: {b: 1, c: {d: 1, e: 1}, list: [1, 2]}\ngone: {x: 1}\nempty:\n',
      'app-config.local.yaml': 'a: {c: {d: 2}, list: [3]}\ngone:\n',
    })
    expect(config.root).toEqual({ a: { b: 1, c: { d: 2, e: 1 }, list: [3] } })
  })

  test('environment values are JSON or text', async () => {
    const config = await load(
      { 'app-config.yaml': 'app: {title: A}' },
      { APP_CONFIG_app_baseUrl: 'http://x', 'APP_CONFIG_a-b_list': '[1,{"c":true}]', APP_CONFIG_empty: '' },
    )
    expect(config.root).toEqual({ app: { title: 'A', baseUrl: 'http://x' }, 'a-b': { list: [1, { c: true }] } })
    expect(config.place('app.baseUrl')).toEqual({ source: 'environment APP_CONFIG_app_baseUrl', key: 'app.baseUrl' })
  })

  test.each([
    [{ APP_CONFIG_a: '1', APP_CONFIG_a_b: '2' }, 'APP_CONFIG_a_b'],
    [{ APP_CONFIG_a: '{"b":1}', APP_CONFIG_a_b: '2' }, 'APP_CONFIG_a_b'],
    [{ APP_CONFIG_a__b: '1' }, 'APP_CONFIG_a__b'],
  ])('environment values that collide or have no key are refused: %j', async (env, variable) => {
    await expect(load({ 'app-config.yaml': '' }, env)).rejects.toMatchObject({
      code: 'CONFIG_ENVIRONMENT',
      where: { source: `environment ${variable}` },
    })
  })
})

describe('variables and includes', () => {
  test('variables are filled in, trimmed, and drop their key when they are not set', async () => {
    const config = await load(
      {
        'app-config.yaml':
          "a: ${A}\nb: x-${ A }-${B:-y z}\nc: ${NONE}\nd: $${A}\ne: ['${NONE}', '${A}']\nf: ${EMPTY:-full}\ng: ${B:-}\nh: '${EMPTY}'\n",
      },
      { A: ' one ', EMPTY: '' },
    )
    expect(config.root).toEqual({ a: 'one', b: 'x-one-y z', d: '${A}', e: ['one'], f: 'full', g: '', h: '' })
  })

  test('$env, $file and $include are read beside the file that holds them', async () => {
    const config = await load(
      {
        'app-config.yaml':
          'a: {$env: A}\nb: {$env: NONE}\nc: {$file: keys/one.txt}\nd: {$include: "parts/d.yaml#x.y"}\ne: {$include: "${PART}.json"}\n',
        'keys/one.txt': ' secret text \n\n',
        'parts/d.yaml': 'x:\n  y:\n    deep: {$file: beside.txt}\n    name: ${A}\n',
        'parts/beside.txt': 'beside\n',
        'e.json': '{\n\t"f": [1, {"$include": "parts/g.yml"}]}',
        'parts/g.yml': '- 1',
      },
      { A: ' one ', PART: 'e' },
    )
    expect(config.root).toEqual({ a: 'one', c: ' secret text', d: { deep: 'beside', name: 'one' }, e: { f: [1, [1]] } })
    expect(config.place('d.name')).toEqual({ file: join(dir, 'parts/d.yaml'), line: 4, column: 5, key: 'd.name' })
    expect(config.files.map(file => file.slice(dir.length + 1))).toEqual([
      'app-config.yaml',
      'keys/one.txt',
      'parts/d.yaml',
      'parts/beside.txt',
      'e.json',
      'parts/g.yml',
    ])
  })

  test.each([
    ['a:\n  $file: none.txt', 'none.txt does not exist.', 2],
    ['a:\n  $file: .', 'is not a file.', 2],
    ['a:\n  $env: A\n  b: 1', '$env must be alone in its object.', 2],
    ['a: {$include: a.txt}', 'a.txt is not a yaml, yml or json file.', 1],
    ['a: {$include: "part.yaml#b.c"}', 'part.yaml has no value at b.c.', 1],
    ['a: {$include: app-config.yaml}', 'app-config.yaml includes itself.', 1],
    ['a: {$other: 1}', '$other needs a text.', 1],
    ['a: {$other: b}', '$other is not known.', 1],
  ])('an include that cannot be followed names its place: %j', async (text, problem, line) => {
    const loading = load({ 'app-config.yaml': text, 'part.yaml': 'b: {}' })
    await expect(loading).rejects.toThrow(problem)
    await expect(loading).rejects.toMatchObject({ code: 'CONFIG_INCLUDE', where: { file: join(dir, 'app-config.yaml'), line } })
  })
})

describe('YAML', () => {
  test.each([
    ['a: 1\nb: [1, 2\nc: 3\n', 3],
    ['a: 1\na: 2\n', 2],
    ['- 1\n', 1],
    ['a: {b: c}}\n', 1],
    ['a: &x\n  b: *x\n', 2],
  ])('a mistake is reported with file and line: %j', async (text, line) => {
    await expect(load({ 'app-config.yaml': text })).rejects.toMatchObject({
      code: 'CONFIG_SYNTAX',
      message: expect.stringContaining(`app-config.yaml:${line}`),
      where: { file: join(dir, 'app-config.yaml'), line },
    })
  })

  test('an empty file, anchors, and keys that are numbers are fine', async () => {
    const config = await load({
      'app-config.yaml': 'a: &x {b: 1}\nc: *x\n8080: d\n__proto__: {e: 1}\n',
      'app-config.local.yaml': '# nothing',
    })
    expect(JSON.stringify(config.root)).toBe('{"8080":"d","a":{"b":1},"c":{"b":1},"__proto__":{"e":1}}')
  })
})

describe('access', () => {
  test('values and places are found by either way of writing a list index', async () => {
    const config = await load({ 'app-config.yaml': 'a:\n  b:\n    - c: 1\n    - c: 2\n' })
    expect([config.get('a.b[1].c'), config.get('a.b.1.c'), config.get('a.x.c'), config.get('a.b.length')]).toEqual([
      2,
      2,
      undefined,
      2,
    ])
    const place = { file: join(dir, 'app-config.yaml'), line: 4, column: 7, key: 'a.b[1].c' }
    expect([config.place('a.b[1].c'), config.place('a.b.1.c'), config.place('a.x')]).toEqual([place, place, undefined])
    expect(config.unownedSections(['b'])).toEqual(['a'])
  })

  test('printing hides secrets and keeps the rest', async () => {
    const config = await load(
      {
        'app-config.yaml': [
          'app: {baseUrl: "${URL}", title: "${TITLE}"}',
          'a: {$env: FREE}',
          'proxy: {headers: {Authorization: "Bearer ${FREE}"}}',
          'tokens: [written-here, 12]',
          'maxTokens: 5',
          'db: {connection: "postgres://me:p%40ss@word@db/x", password: 123456789}',
          'short: {secret: abc}',
          'key: {$file: key.pem}',
        ].join('\n'),
        'key.pem': 'first line\nsecond line\n',
      },
      { URL: 'https://portal.example', TITLE: 'Portal', FREE: 'free-value' },
    )
    expect(config.redacted()).toEqual({
      app: { baseUrl: 'https://portal.example', title: 'Portal' },
      a: '***',
      proxy: { headers: { Authorization: '***' } },
      tokens: ['***', 12],
      maxTokens: 5,
      db: { connection: 'postgres://me:***@db/x', password: '***' },
      short: { secret: '***' },
      key: '***',
    })
    expect(config.secrets().toSorted()).toEqual(
      [
        '123456789',
        'first line',
        'first line\nsecond line',
        'free-value',
        'p%40ss@word',
        'p@ss@word',
        'second line',
        'written-here',
      ].toSorted(),
    )
  })
})

describe('sections', () => {
  const schema = z.strictObject({
    port: z.number(),
    on: z.boolean().optional(),
    mode: z.enum(['fast', 'slow']).optional(),
    hosts: z.array(z.strictObject({ name: z.string(), token: z.string() })).optional(),
    either: z.union([z.string(), z.strictObject({ path: z.string() })]).optional(),
  })

  test('texts count as the numbers and booleans that they spell', async () => {
    const config = await load({ 'app-config.yaml': 'web: {port: "${PORT}", on: "yes"}' }, { PORT: '80' })
    expect(config.section('web', schema)).toEqual({ port: 80, on: true })
    expect(config.root).toEqual({ web: { port: '80', on: 'yes' } })
  })

  test('every problem is listed at its own line', async () => {
    const config = await load({
      'app-config.yaml':
        'web:\n  port: x\n  hosst: []\n  mode: fats\n  hosts:\n    - name: a\n      token: ${T}\n  either:\n    paht: b\n  zzzzzz: 1\n',
    })
    expect(() => config.section('web', schema)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        status: 500,
        where: { file: join(dir, 'app-config.yaml'), line: 2, column: 3, key: 'web.port' },
        hint: 'Set the environment variable T, or write the value another way.',
        message: [
          'The configuration has 7 problems: ',
          '  web.port must be a number, not a text (app-config.yaml:2:3)',
          '  web.mode must be one of fast, slow; did you mean fast? (app-config.yaml:4:3)',
          '  web.hosts[0].token is missing (the environment variable T is not set) (app-config.yaml:6:7)',
          '  web.either.path is missing (app-config.yaml:8:3)',
          '  web.either.paht is not a known key; did you mean path? (app-config.yaml:9:5)',
          '  web.hosst is not a known key; did you mean hosts? (app-config.yaml:3:3)',
          '  web.zzzzzz is not a known key (app-config.yaml:10:3)',
        ].join('\n'),
      }),
    )
  })

  test('one problem is one sentence, and the value itself is never in it', async () => {
    const config = await load({ 'app-config.yaml': 'web:\n  port: 1\n  either: [secret]\n' })
    expect(() => config.section('web', schema)).toThrow(
      'The configuration has a problem: web.either must be a text or an object, not a list (app-config.yaml:3:3).',
    )
  })

  test('an absent section takes its defaults, or its missing keys are named', async () => {
    const config = await load({ 'app-config.yaml': '' })
    expect(config.section('list', z.array(z.string()).default(['a']))).toEqual(['a'])
    expect(config.section('map', z.strictObject({ on: z.boolean().default(true) }))).toEqual({ on: true })
    expect(() => config.section('web', schema)).toThrow('The configuration has a problem: web.port is missing.')
    expect(() => config.section('list', z.array(z.string()))).toThrow('The configuration has a problem: list is missing.')
  })
})
