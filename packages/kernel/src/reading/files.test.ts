import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { globFiles } from './globFiles.ts'
import { readLocalFile } from './readLocalFile.ts'
import { watchFiles } from './watchFiles.ts'

let dir: string

beforeEach(async () => {
  dir = await realpath(await mkdtemp(join(tmpdir(), 'files-')))
})

afterEach(() => rm(dir, { recursive: true }))

async function write(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(dir, name)), { recursive: true })
    await writeFile(join(dir, name), name)
  }
}

async function glob(pattern: string, cwd = dir): Promise<string[]> {
  return (await globFiles(pattern, cwd)).map(path => path.slice(dir.length + 1))
}

test('patterns name files, sorted, from the folder that is given', async () => {
  await write('b/c.yaml', 'a/c.yaml', 'a/x/c.yaml', 'a/c.txt', 'c.yaml', 'node_modules/c.yaml', 'a/.git/c.yaml')
  expect(await glob('*/c.yaml')).toEqual(['a/c.yaml', 'b/c.yaml'])
  expect(await glob('node_modules/*.yaml')).toEqual(['node_modules/c.yaml'])
  expect(await glob('**/c.yaml')).toEqual(['a/c.yaml', 'a/x/c.yaml', 'b/c.yaml', 'c.yaml'])
  expect(await glob('./a/*.{yaml,txt}')).toEqual(['a/c.txt', 'a/c.yaml'])
  expect(await glob('../b/*.yaml', join(dir, 'a'))).toEqual(['b/c.yaml'])
  expect(await glob(join(dir, 'a/*.txt'))).toEqual(['a/c.txt'])
  expect(await glob('a/c.yaml')).toEqual(['a/c.yaml'])
  expect([await glob('a'), await glob('none/*.yaml'), await glob('none.yaml'), await glob('c.yaml/*')]).toEqual([[], [], [], []])
})

test('links are followed inside the folder of the pattern, not out of it and not in circles', async () => {
  await write('in/real/a.yaml', 'out/b.yaml')
  await symlink(join(dir, 'out'), join(dir, 'in/away'))
  await symlink(join(dir, 'out/b.yaml'), join(dir, 'in/b.yaml'))
  await symlink(join(dir, 'in/real'), join(dir, 'in/linked'))
  await symlink(join(dir, 'in/real'), join(dir, 'in/real/circle'))
  await symlink('nowhere', join(dir, 'in/broken.yaml'))
  expect(await glob('in/**/*.yaml')).toEqual(['in/linked/a.yaml', 'in/real/a.yaml'])
})

test('a file is read whole, or the problem is named', async () => {
  await write('a.txt')
  expect(await readLocalFile(join(dir, 'a.txt'))).toBe('a.txt')
  await expect(readLocalFile(join(dir, 'a.txt'), { maxBytes: 4 })).rejects.toMatchObject({ code: 'FILE_TOO_LARGE', status: 413 })
  await expect(readLocalFile(join(dir, 'b.txt'))).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    where: { file: join(dir, 'b.txt') },
  })
  await expect(readLocalFile(dir)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' })
})

test('a watch reports changed, new and removed files, not those of packages', async () => {
  await write('a.txt', 'src/b.txt', 'src/node_modules/x.txt')
  const seen = new Set<string>()
  const onError = vi.fn<(error: unknown) => void>()
  const paths = [join(dir, 'a.txt'), join(dir, 'src'), join(dir, 'later.txt')]
  const watching = watchFiles(paths, changed => changed.forEach(path => seen.add(path.slice(dir.length + 1))), onError)
  onTestFinished(() => watching.close())
  await watching.ready
  await write('src/node_modules/x.txt', 'src/node_modules/y.txt', 'beside.txt')
  await writeFile(join(dir, 'a.txt'), 'changed')
  await rm(join(dir, 'src/b.txt'))
  await write('src/..new', 'later.txt')
  await vi.waitFor(() => expect([...seen].sort()).toEqual(['a.txt', 'later.txt', 'src/..new', 'src/b.txt']), 5000)
  expect(onError).not.toHaveBeenCalled()
})

test('a failing handler of a watch is reported', async () => {
  await write('a.txt')
  const onError = vi.fn<(error: unknown) => void>()
  const watching = watchFiles([dir], () => Promise.reject(new Error('no')), onError)
  onTestFinished(() => watching.close())
  await watching.ready
  await write('b.txt')
  await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(new Error('no')), 5000)
})
