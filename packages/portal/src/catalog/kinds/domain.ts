import { CORE_API_VERSIONS, TEXT, type KindDefinition } from './kindDefinition.ts'

export const domain: KindDefinition = {
  kind: 'Domain',
  plural: 'domains',
  apiVersions: CORE_API_VERSIONS,
  description: 'An area of the business that systems belong to.',
  icon: 'domain',
  specRequired: true,
  spec: {
    type: 'object',
    required: ['owner'],
    properties: { owner: TEXT, subdomainOf: TEXT, type: TEXT },
  },
  relations: [
    { field: 'owner', relation: 'ownedBy', defaultKind: 'Group' },
    { field: 'subdomainOf', relation: 'partOf', defaultKind: 'Domain' },
  ],
  searchable: [],
}
