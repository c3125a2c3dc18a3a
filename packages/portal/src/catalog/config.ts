import { durationSchema } from '@callboard/kernel/config/duration'
import { z } from '@callboard/sdk'
import { CHANGE_CAUSES } from './contract.ts'
import { kindsSchema } from './kinds/kindEntry.ts'

const allowSchema = z.array(z.union([z.string(), z.strictObject({ kind: z.string(), 'spec.type': z.string().optional() })]))

const ruleSchema = z.strictObject({
  allow: allowSchema,
  locations: z
    .array(
      z
        .strictObject({ type: z.string(), exact: z.string().optional(), pattern: z.string().optional() })
        .refine(each => !(each.exact && each.pattern), 'has both exact and pattern; keep one of them'),
    )
    .optional(),
})

const locationSchema = z.strictObject({
  type: z.string(),
  target: z.string(),
  rules: z.array(z.strictObject({ allow: allowSchema })).optional(),
})

const webhookSchema = z.strictObject({
  url: z.string(),
  /** `whsec_` and base64, or any text; it signs what is sent. */
  secret: z.string().min(16),
  /** Only changes of the entities that this query finds. */
  q: z.string().optional(),
  types: z.array(z.enum(CHANGE_CAUSES)).optional(),
})

const kept = z.unknown().optional()

/** The section `catalog` of app-config.yaml. Keys of Backstage that have no meaning here are accepted as they are. */
export const catalogSchema = z.strictObject({
  rules: z.array(ruleSchema).optional(),
  locations: z.array(locationSchema).default([]),
  readonly: z.boolean().default(false),
  /** How often URLs are asked for changes. */
  processingInterval: z.union([z.literal(false), durationSchema]).optional(),
  orphanStrategy: z.enum(['delete', 'keep']).default('delete'),
  defaultLocationConflictStrategy: z.enum(['reject', 'refresh']).default('reject'),
  /** Who is told of changes. */
  webhooks: z.array(webhookSchema).default([]),
  /** Kinds that are added, or added to, by name. */
  kinds: kindsSchema.default({}),
  /** Files with layers of Backstage's declarative model. */
  modelLayers: z.array(z.string().min(1)).default([]),
  orphanProviderStrategy: kept,
  stitchingStrategy: kept,
  disableDefaultProcessors: kept,
  processorOptions: kept,
  providerOptions: kept,
  providers: kept,
  processors: kept,
  scmEvents: kept,
  import: kept,
  actions: kept,
  useUrlReadersSearch: kept,
})

export type CatalogConfig = z.output<typeof catalogSchema>
export type WebhookConfig = z.output<typeof webhookSchema>
export type CatalogRule = z.output<typeof ruleSchema>
