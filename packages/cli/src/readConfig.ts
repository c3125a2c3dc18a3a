import { loadConfig, type Config } from '@callboard/kernel/config/config'
import { existsSync } from 'node:fs'
import { resolve, sep } from 'node:path'

const repository = resolve(import.meta.dirname, '../../..')
const example = resolve(repository, 'examples/acme/app-config.yaml')

/** Loads the files that `--config` names, else those of the working folder, else in the repository the example company. */
export async function readConfig(paths: string[] = []): Promise<Config> {
  const cwd = process.cwd()
  return loadConfig({ paths: paths.length === 0 && wantsExample(cwd) ? [example] : paths, cwd, env: process.env })
}

function wantsExample(cwd: string): boolean {
  const inRepository = cwd === repository || cwd.startsWith(repository + sep)
  return inRepository && !existsSync(resolve(cwd, 'app-config.yaml')) && existsSync(example)
}
