import { z } from '@callboard/sdk'

/** What a line of a table tells of an entity. */
export const rowFields = [
  'kind',
  'metadata.namespace',
  'metadata.name',
  'metadata.title',
  'spec.type',
  'spec.lifecycle',
  'spec.owner',
]

const text = z.string().catch('')

const entitySchema = z.object({
  kind: z.string(),
  metadata: z.object({ namespace: text, name: z.string(), title: text }),
  spec: z.object({ type: text, lifecycle: text, owner: text }).catch({ type: '', lifecycle: '', owner: '' }),
})

/** The cells of entities, below their headings. */
export function toRows(entities: unknown[]): string[][] {
  const rows = entities.map(entity => {
    const { kind, metadata, spec } = entitySchema.parse(entity)
    const ref = `${kind}:${metadata.namespace || 'default'}/${metadata.name}`.toLowerCase()
    return [ref, spec.type, spec.lifecycle, spec.owner, metadata.title]
  })
  return [['REF', 'TYPE', 'LIFECYCLE', 'OWNER', 'TITLE'], ...rows]
}
