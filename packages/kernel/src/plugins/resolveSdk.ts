import { registerHooks } from 'node:module'

let registered = false

/** Lets a plugin file anywhere on disk import `@callboard/sdk`: it gets the portal's own copy. */
export function resolveSdkForPlugins(): void {
  if (registered) return
  registered = true
  registerHooks({
    resolve(specifier, context, next) {
      if (!/^@callboard\/sdk(\/|$)/.test(specifier)) return next(specifier, context)
      return next(specifier, { ...context, parentURL: import.meta.url })
    },
  })
}
