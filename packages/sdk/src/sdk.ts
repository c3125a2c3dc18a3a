/** The door of `@callboard/sdk`: all that a plugin may say. */
export { z } from 'zod'
export * from './actor.ts'
export * from './entity.ts'
export * from './entityRef.ts'
export * from './errors.ts'
export * from './plugin.ts'
export * from './views.ts'
