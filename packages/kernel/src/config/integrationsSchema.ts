import { z } from 'zod'
import { webUrlSchema } from './webUrl.ts'

const kept = z.unknown().optional()
const text = z.string().optional()

const githubAppSchema = z.looseObject({
  appId: z.union([z.number(), z.string()]),
  privateKey: z.string(),
  clientId: text,
  clientSecret: text,
  webhookSecret: text,
  allowedInstallationOwners: z.array(z.string()).optional(),
})

const githubSchema = z.strictObject({
  host: z.string().default('github.com'),
  token: text,
  apiBaseUrl: webUrlSchema.optional(),
  rawBaseUrl: webUrlSchema.optional(),
  apps: z.array(githubAppSchema).optional(),
  commitSigningKey: kept,
})

const gitlabSchema = z.strictObject({
  host: z.string().default('gitlab.com'),
  token: text,
  apiBaseUrl: webUrlSchema.optional(),
  baseUrl: webUrlSchema.optional(),
  retry: kept,
  commitSigningKey: kept,
})

const bitbucketCloudSchema = z.strictObject({
  host: z.string().default('bitbucket.org'),
  username: text,
  appPassword: text,
  token: text,
  clientId: kept,
  clientSecret: kept,
  apiBaseUrl: webUrlSchema.optional(),
  commitSigningKey: kept,
})

const bitbucketServerSchema = z.strictObject({
  host: z.string(),
  token: text,
  username: text,
  password: text,
  apiBaseUrl: webUrlSchema.optional(),
  commitSigningKey: kept,
})

const azureCredentialSchema = z.looseObject({ organizations: z.array(z.string()).optional(), personalAccessToken: text })

const azureSchema = z.strictObject({
  host: z.string().default('dev.azure.com'),
  token: text,
  credential: kept,
  credentials: z.array(azureCredentialSchema).optional(),
  commitSigningKey: kept,
})

const giteaSchema = z.strictObject({
  host: z.string(),
  baseUrl: webUrlSchema.optional(),
  username: text,
  password: text,
  commitSigningKey: kept,
})

const gerritSchema = z.strictObject({
  host: z.string(),
  baseUrl: webUrlSchema.optional(),
  gitilesBaseUrl: webUrlSchema.optional(),
  cloneUrl: webUrlSchema.optional(),
  username: text,
  password: text,
  commitSigningKey: kept,
})

const gitSchema = z.strictObject({
  host: z.string(),
  baseUrl: webUrlSchema.optional(),
  username: text,
  password: text,
})

/** `integrations`: the Git hosts that the portal reads. Other hosts' parts are accepted as they are. */
export const integrationsSchema = z
  .looseObject({
    github: z.array(githubSchema).default([]),
    gitlab: z.array(gitlabSchema).default([]),
    bitbucketCloud: z.array(bitbucketCloudSchema).optional(),
    bitbucketServer: z.array(bitbucketServerSchema).optional(),
    azure: z.array(azureSchema).optional(),
    gitea: z.array(giteaSchema).optional(),
    gerrit: z.array(gerritSchema).optional(),
    git: z.array(gitSchema).optional(),
  })
  .default({ github: [], gitlab: [] })

export type Integrations = z.infer<typeof integrationsSchema>
export type GithubIntegration = z.infer<typeof githubSchema>
export type GitlabIntegration = z.infer<typeof gitlabSchema>
export type BitbucketCloudIntegration = z.infer<typeof bitbucketCloudSchema>
export type BitbucketServerIntegration = z.infer<typeof bitbucketServerSchema>
export type AzureIntegration = z.infer<typeof azureSchema>
export type GiteaIntegration = z.infer<typeof giteaSchema>
export type GerritIntegration = z.infer<typeof gerritSchema>
export type GitIntegration = z.infer<typeof gitSchema>
