import { CORE_API_VERSIONS, TEXT, type KindDefinition } from './kindDefinition.ts'

export const system: KindDefinition = {
  kind: 'System',
  plural: 'systems',
  apiVersions: CORE_API_VERSIONS,
  description: 'Components, APIs and resources that together do one thing.',
  icon: 'system',
  specRequired: true,
  spec: {
    type: 'object',
    required: ['owner'],
    properties: { owner: TEXT, domain: TEXT, type: TEXT },
  },
  relations: [
    { field: 'owner', relation: 'ownedBy', defaultKind: 'Group' },
    { field: 'domain', relation: 'partOf', defaultKind: 'Domain' },
  ],
  searchable: [],
}
