import { access } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { kernelErrors } from '../errors.ts'
import type { ConfigSources } from './config.ts'

/** The main configuration files in the order in which they are laid over each other. */
export async function findConfigFiles({ paths = [], cwd, env }: ConfigSources): Promise<string[]> {
  const remote = paths.find(path => /^https?:\/\//i.test(path))
  if (remote !== undefined) throw kernelErrors.CONFIG_REMOTE({ url: remote })
  if (paths.length > 0) return Promise.all(paths.map(path => requireFile(resolve(cwd, path))))

  const environments = (env['BACKSTAGE_ENV'] ?? '')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
  const optional = [
    ...environments.map(name => `app-config.${name}.yaml`),
    'app-config.local.yaml',
    ...environments.map(name => `app-config.${name}.local.yaml`),
  ]
  const files = [await requireFile(join(cwd, 'app-config.yaml'))]
  for (const name of new Set(optional)) if (await exists(join(cwd, name))) files.push(join(cwd, name))
  return files
}

async function requireFile(file: string): Promise<string> {
  if (!(await exists(file))) throw kernelErrors.CONFIG_MISSING({ file }, { where: { file } })
  return file
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
