import { z } from 'zod'
import { backendSchema } from './backendSchema.ts'
import { integrationsSchema } from './integrationsSchema.ts'
import { webUrlSchema } from './webUrl.ts'

export { backendSchema, integrationsSchema }

const kept = z.unknown().optional()

/** `app`: what people see of the portal. Keys of Backstage that only its own frontend reads are accepted as they are. */
export const appSchema = z.strictObject({
  title: z.string().min(1).optional(),
  baseUrl: webUrlSchema.optional(),
  support: z.looseObject({ url: z.string().optional(), items: z.array(z.unknown()).optional() }).optional(),
  analytics: kept,
  datadogRum: kept,
  disableConfigInjection: kept,
  disablePublicEntryPoint: kept,
  disableStaticFallbackCache: kept,
  experimental: kept,
  extensions: kept,
  googleAnalyticsTrackingId: kept,
  https: kept,
  listen: kept,
  packageName: kept,
  packages: kept,
  pluginOverrides: kept,
  routes: kept,
  sentry: kept,
})

/** `organization`: whose portal it is. */
export const organizationSchema = z.strictObject({ name: z.string().min(1).optional() })

/** `auth`: how people sign in; each provider checks its own part. */
export const authSchema = z.looseObject({
  environment: z.string().optional(),
  providers: z.record(z.string(), z.unknown()).optional(),
})

/** `permission`: whether requests are checked against the policy. Strict, as a misspelt `enabled` would open the portal. */
export const permissionSchema = z.strictObject({
  enabled: z.boolean().optional(),
  policy: kept,
  rbac: kept,
  EXPERIMENTAL_enableBatchedRequests: kept,
})

/** One plugin to load: a file beside the configuration or an installed package. */
const pluginSchema = z.union([
  z
    .string()
    .min(1)
    .transform(use => ({ use, optional: false, config: undefined })),
  z.strictObject({
    use: z.string().min(1),
    optional: z.boolean().default(false),
    config: z.record(z.string(), z.unknown()).optional(),
  }),
])

/** `plugins`: texts or `{use, optional?, config?}`, read as a list of the latter. */
export const pluginsSchema = z.array(pluginSchema).default([])

/** The sections that the kernel owns, by their key. */
export const kernelSections = {
  app: appSchema,
  organization: organizationSchema,
  backend: backendSchema,
  integrations: integrationsSchema,
  auth: authSchema,
  permission: permissionSchema,
  plugins: pluginsSchema,
}

/** The top-level keys of the configuration that the kernel reads itself. */
export const KERNEL_SECTIONS: readonly string[] = Object.keys(kernelSections)
