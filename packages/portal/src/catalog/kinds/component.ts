import { CORE_API_VERSIONS, REFS, TEXT, type KindDefinition } from './kindDefinition.ts'

export const component: KindDefinition = {
  kind: 'Component',
  plural: 'components',
  apiVersions: CORE_API_VERSIONS,
  description: 'A piece of software: a service, a website, a library.',
  icon: 'component',
  specRequired: true,
  spec: {
    type: 'object',
    required: ['type', 'lifecycle', 'owner'],
    properties: {
      type: TEXT,
      lifecycle: TEXT,
      owner: TEXT,
      system: TEXT,
      subcomponentOf: TEXT,
      providesApis: REFS,
      consumesApis: REFS,
      dependsOn: REFS,
    },
  },
  relations: [
    { field: 'owner', relation: 'ownedBy', defaultKind: 'Group' },
    { field: 'subcomponentOf', relation: 'partOf', defaultKind: 'Component' },
    { field: 'system', relation: 'partOf', defaultKind: 'System' },
    { field: 'providesApis', relation: 'providesApi', defaultKind: 'API' },
    { field: 'consumesApis', relation: 'consumesApi', defaultKind: 'API' },
    { field: 'dependsOn', relation: 'dependsOn' },
    { field: 'dependencyOf', relation: 'dependencyOf' },
  ],
  searchable: [],
}
