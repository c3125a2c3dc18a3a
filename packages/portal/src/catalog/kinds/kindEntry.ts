import { z } from '@callboard/sdk'

/** JSON that nobody looks into: a JSON Schema. */
const schemaSchema = z.record(z.string(), z.json())

const relationSchema = z.strictObject({
  /** Path in `spec`. */
  field: z.string().min(1),
  relation: z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'it starts with a small letter; letters and digits follow'),
  inverse: z
    .string()
    .regex(/^[a-z][A-Za-z0-9]*$/, 'it starts with a small letter; letters and digits follow')
    .optional(),
  defaultKind: z.string().optional(),
  defaultNamespace: z.enum(['inherit', 'default']).optional(),
  allowedKinds: z.array(z.string()).optional(),
  cardinality: z.enum(['one', 'many']).optional(),
})

/** What is said of a kind beside its name: all of a new one, or what is added to one that exists. */
export const kindEntrySchema = z.strictObject({
  plural: z.string().min(1).optional(),
  apiVersions: z.array(z.string().min(1)).min(1).optional(),
  description: z.string().optional(),
  icon: z.string().optional(),
  /** JSON Schema of `spec`. */
  spec: schemaSchema.optional(),
  relations: z.array(relationSchema).optional(),
  columns: z.array(z.strictObject({ title: z.string().min(1), field: z.string().min(1) })).optional(),
  form: z.array(z.string()).optional(),
  searchable: z.array(z.string()).optional(),
})

/** The key `catalog.kinds`: by the name of the kind. */
export const kindsSchema = z.record(z.string(), kindEntrySchema)

export type KindEntry = z.output<typeof kindEntrySchema>
