import { z } from '@callboard/sdk'

const relationField = z.strictObject({
  selector: z.strictObject({ path: z.string().regex(/^spec\../, 'relations are read from spec: spec.…') }),
  relation: z.string(),
  defaultKind: z.string().optional(),
  defaultNamespace: z.enum(['default', 'inherit']).optional(),
  allowedKinds: z.array(z.string()).optional(),
})

const schema = z.strictObject({ jsonSchema: z.record(z.string(), z.json()) })
const version = { kind: z.string(), name: z.string(), specType: z.string().optional() }
const relation = { fromKind: z.string(), type: z.string(), toKind: z.string() }
const names = { singular: z.string(), plural: z.string(), description: z.string() }

/** What is said of annotations, labels and tags is accepted: any of them may be used here. */
const wordOps = z.looseObject({
  op: z.enum(
    (['declare', 'update', 'remove'] as const).flatMap(verb =>
      (['Annotation', 'Label', 'Tag'] as const).map(noun => `${verb}${noun}.v1` as const),
    ),
  ),
})

const opSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('declareKind.v1'), kind: z.string(), group: z.string(), properties: z.strictObject(names) }),
  z.strictObject({
    op: z.literal('declareKindVersion.v1'),
    ...version,
    properties: z.strictObject({ description: z.string().optional(), relationFields: z.array(relationField).optional(), schema }),
  }),
  z.strictObject({
    op: z.literal('declareRelation.v1'),
    ...relation,
    properties: z.strictObject({ reverseType: z.string(), title: z.string(), description: z.string() }),
  }),
  z.strictObject({ op: z.literal('updateKind.v1'), kind: z.string(), properties: z.strictObject(names).partial() }),
  z.strictObject({
    op: z.literal('updateKindVersion.v1'),
    ...version,
    properties: z.strictObject({
      description: z.string().optional(),
      relationFields: z.array(relationField).optional(),
      schema: schema.optional(),
    }),
  }),
  z.strictObject({
    op: z.literal('updateRelation.v1'),
    ...relation,
    properties: z.strictObject({
      reverseType: z.string().optional(),
      reverseTitle: z.string().optional(),
      title: z.string().optional(),
      description: z.string().optional(),
    }),
  }),
  z.strictObject({ op: z.literal('removeKind.v1'), kind: z.string() }),
  wordOps,
])

/** A layer of Backstage's declarative model, as its builder writes it. */
export const layerSchema = z.looseObject({ layerId: z.string(), ops: z.array(opSchema) })

export type LayerOp = z.output<typeof opSchema>
export type LayerRelationField = z.output<typeof relationField>
