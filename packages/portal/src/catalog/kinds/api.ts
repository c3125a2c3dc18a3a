import { CORE_API_VERSIONS, TEXT, type KindDefinition } from './kindDefinition.ts'

export const api: KindDefinition = {
  kind: 'API',
  plural: 'APIs',
  apiVersions: CORE_API_VERSIONS,
  description: 'A boundary between components, with its definition.',
  icon: 'api',
  specRequired: true,
  spec: {
    type: 'object',
    required: ['type', 'lifecycle', 'owner', 'definition'],
    properties: { type: TEXT, lifecycle: TEXT, owner: TEXT, definition: TEXT, system: TEXT },
  },
  relations: [
    { field: 'owner', relation: 'ownedBy', defaultKind: 'Group' },
    { field: 'system', relation: 'partOf', defaultKind: 'System' },
  ],
  searchable: [],
}
