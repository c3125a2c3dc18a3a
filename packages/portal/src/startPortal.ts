import { startKernel, type RunningPortal, type StartOptions } from '@callboard/kernel/startKernel'
import { catalogPlugin } from './catalog/plugin.ts'
import { shellPlugin } from './shell/plugin.ts'

/** The product: the kernel with its built-in features. */
export function startPortal(options: Omit<StartOptions, 'features'>): Promise<RunningPortal> {
  return startKernel({ ...options, features: [catalogPlugin, shellPlugin] })
}
