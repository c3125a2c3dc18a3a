import { CORE_API_VERSIONS, REFS, TEXT, type KindDefinition } from './kindDefinition.ts'

export const resource: KindDefinition = {
  kind: 'Resource',
  plural: 'resources',
  apiVersions: CORE_API_VERSIONS,
  description: 'What a system needs to run: a database, a bucket, a cluster.',
  icon: 'resource',
  specRequired: true,
  spec: {
    type: 'object',
    required: ['type', 'owner'],
    properties: { type: TEXT, owner: TEXT, dependsOn: REFS, dependencyOf: REFS, system: TEXT },
  },
  relations: [
    { field: 'owner', relation: 'ownedBy', defaultKind: 'Group' },
    { field: 'dependsOn', relation: 'dependsOn' },
    { field: 'dependencyOf', relation: 'dependencyOf' },
    { field: 'system', relation: 'partOf', defaultKind: 'System' },
  ],
  searchable: [],
}
