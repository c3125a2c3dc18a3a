import { z } from 'zod'
import { webUrlSchema } from './webUrl.ts'

const kept = z.unknown().optional()

const githubAppSchema = z.looseObject({
  appId: z.union([z.number(), z.string()]),
  privateKey: z.string(),
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
  webhookSecret: z.string().optional(),
  allowedInstallationOwners: z.array(z.string()).optional(),
})

const githubSchema = z.strictObject({
  host: z.string().default('github.com'),
  token: z.string().optional(),
  apiBaseUrl: webUrlSchema.optional(),
  rawBaseUrl: webUrlSchema.optional(),
  apps: z.array(githubAppSchema).optional(),
  commitSigningKey: kept,
})

const gitlabSchema = z.strictObject({
  host: z.string().default('gitlab.com'),
  token: z.string().optional(),
  apiBaseUrl: webUrlSchema.optional(),
  baseUrl: webUrlSchema.optional(),
  retry: kept,
  commitSigningKey: kept,
})

/** `integrations`: the Git hosts that the portal reads. Other hosts' parts are accepted as they are. */
export const integrationsSchema = z
  .looseObject({ github: z.array(githubSchema).default([]), gitlab: z.array(gitlabSchema).default([]) })
  .default({ github: [], gitlab: [] })

export type Integrations = z.infer<typeof integrationsSchema>
export type GithubIntegration = z.infer<typeof githubSchema>
export type GitlabIntegration = z.infer<typeof gitlabSchema>
