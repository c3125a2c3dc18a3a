import { PLUGIN_NAME, type Plugin, type Place } from '@callboard/sdk'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Config } from '../config/config.ts'
import { pluginsSchema } from '../config/schema.ts'
import { kernelErrors } from '../errors.ts'
import { resolveSdkForPlugins } from './resolveSdk.ts'

export type LoadedPlugin = { plugin: Plugin; from: string; optional: boolean }

/** Loads what `plugins:` names: files relative to the configuration, or packages installed beside it. */
export async function loadPlugins(config: Config): Promise<LoadedPlugin[]> {
  const entries = config.section('plugins', pluginsSchema)
  if (entries.length > 0) resolveSdkForPlugins()
  const loaded: LoadedPlugin[] = []
  for (const [index, entry] of entries.entries()) {
    const { use, optional } = entry
    const where = config.place(`plugins.${index}`)
    const loading = loadPlugin(use, config.dir, where)
    loaded.push({ plugin: await (optional ? loading.catch(error => failing(use, error)) : loading), from: use, optional })
  }
  return loaded
}

/** Stands for an optional plugin that cannot be loaded: its setup says why, and is reported like that of any other. */
function failing(name: string, error: unknown): Plugin {
  return { name, setup: () => Promise.reject(error) }
}

async function loadPlugin(name: string, folder: string, where: Place | undefined): Promise<Plugin> {
  const plugin = await importDefault(name, folder, where)
  const reason = faultOf(plugin)
  if (reason) throw kernelErrors.PLUGIN_SHAPE({ name, reason }, { where })
  // why: faultOf has looked at every part that is used.
  return plugin as Plugin
}

async function importDefault(name: string, folder: string, where: Place | undefined): Promise<unknown> {
  try {
    const isPath = /^\.{0,2}\//.test(name)
    const path = isPath ? resolve(folder, name) : createRequire(resolve(folder, 'app-config.yaml')).resolve(name)
    if (!existsSync(path)) throw new Error(`there is no file ${path}`)
    const module: { default?: unknown } = await import(pathToFileURL(path).href)
    return module.default
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw kernelErrors.PLUGIN_NOT_FOUND({ name, reason }, { cause, where })
  }
}

function faultOf(plugin: unknown): string | undefined {
  if (typeof plugin !== 'object' || plugin === null) return 'it is not an object'
  const { name, setup } = plugin as Partial<Plugin>
  if (typeof name !== 'string' || !PLUGIN_NAME.test(name))
    return `the name ${JSON.stringify(name)} is not lower-case words joined by dashes`
  if (typeof setup !== 'function') return 'setup is not a function'
  return undefined
}
