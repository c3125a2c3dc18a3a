/** One command: its usage, whose first line is a summary, and what it does. `run` gives the exit code. */
export type Command = { usage: string; run(args: string[]): Promise<number> }

/** Every command by its name. A command is loaded when it is used, so that `check` need not load a server. */
export const commands: Record<string, () => Promise<{ command: Command }>> = {
  start: () => import('./start.ts'),
  plugins: () => import('./plugins.ts'),
  config: () => import('./config.ts'),
  check: () => import('./check/check.ts'),
  query: () => import('./catalog/query.ts'),
  get: () => import('./catalog/get.ts'),
  diff: () => import('./catalog/diff.ts'),
  locations: () => import('./catalog/locations.ts'),
}
