import { z } from 'zod'
import { listenSchema } from './listenSchema.ts'
import { webUrlSchema } from './webUrl.ts'

const kept = z.unknown().optional()
const texts = z.union([z.string().transform(text => [text]), z.array(z.string())])

const corsSchema = z.strictObject({
  origin: texts.optional(),
  methods: texts.optional(),
  allowedHeaders: texts.optional(),
  exposedHeaders: texts.optional(),
  credentials: z.boolean().optional(),
  maxAge: z.number().optional(),
  preflightContinue: z.boolean().optional(),
  optionsSuccessStatus: z.number().optional(),
})

const databaseClientSchema = z.enum(['better-sqlite3', 'sqlite3', 'pg', 'pglite'])
const connectionSchema = z.union([z.string(), z.looseObject({})])

const databaseFields = {
  connection: connectionSchema.optional(),
  ensureExists: z.boolean().optional(),
  ensureSchemaExists: z.boolean().optional(),
  knexConfig: kept,
  pluginDivisionMode: z.enum(['database', 'schema']).optional(),
  role: z.string().optional(),
  skipMigrations: z.boolean().optional(),
}

const databaseSchema = z.strictObject({
  client: databaseClientSchema,
  ...databaseFields,
  prefix: z.string().optional(),
  schemaPrefix: z.string().optional(),
  plugin: z.record(z.string(), z.strictObject({ client: databaseClientSchema.optional(), ...databaseFields })).optional(),
})

const readingSchema = z.strictObject({
  allow: z.array(z.strictObject({ host: z.string().min(1), paths: z.array(z.string()).optional() })).default([]),
})

const accessRestrictionSchema = z.strictObject({
  plugin: z.string(),
  permission: texts.optional(),
  permissionAttribute: z.strictObject({ action: texts.optional() }).optional(),
})

const externalAccessSchema = z.strictObject({
  type: z.string(),
  options: z.record(z.string(), z.unknown()).default({}),
  accessRestrictions: z.array(accessRestrictionSchema).optional(),
})

const backendAuthSchema = z.strictObject({
  externalAccess: z.array(externalAccessSchema).default([]),
  keys: z.array(z.looseObject({ secret: z.string() })).optional(),
  dangerouslyDisableDefaultAuthPolicy: z.boolean().default(false),
  pluginKeyStore: kept,
})

const httpsSchema = z.union([
  z.boolean(),
  z.strictObject({ certificate: z.looseObject({ cert: z.string().optional(), key: z.string().optional() }) }),
])

/** `backend`: the server, its database, and what it may reach. */
export const backendSchema = z.strictObject({
  baseUrl: webUrlSchema.optional(),
  listen: listenSchema.optional(),
  https: httpsSchema.optional(),
  cors: corsSchema.optional(),
  csp: z.record(z.string(), z.union([z.literal(false), texts])).optional(),
  database: databaseSchema.optional(),
  reading: readingSchema.default({ allow: [] }),
  auth: backendAuthSchema.default({ externalAccess: [], dangerouslyDisableDefaultAuthPolicy: false }),
  trustProxy: z.union([z.boolean(), z.number(), z.string(), z.array(z.string())]).optional(),
  workingDirectory: z.string().optional(),
  logger: z.looseObject({ level: z.string().optional(), meta: z.record(z.string(), z.unknown()).optional() }).optional(),
  referrer: z.strictObject({ policy: texts.optional() }).optional(),
  actions: kept,
  auditor: kept,
  cache: kept,
  health: kept,
  lifecycle: kept,
  metrics: kept,
  packages: kept,
  rateLimit: kept,
  server: kept,
  startup: kept,
  tracing: kept,
})

export type ReadingAllowance = z.infer<typeof readingSchema>['allow'][number]
