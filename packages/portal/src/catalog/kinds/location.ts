import { CORE_API_VERSIONS, REFS, TEXT, type KindDefinition } from './kindDefinition.ts'

export const location: KindDefinition = {
  kind: 'Location',
  plural: 'locations',
  apiVersions: CORE_API_VERSIONS,
  description: 'Points to other catalog files.',
  icon: 'location',
  specRequired: true,
  spec: {
    type: 'object',
    properties: { type: TEXT, target: TEXT, targets: REFS, presence: { type: 'string', enum: ['required', 'optional'] } },
  },
  relations: [],
  searchable: ['target', 'targets'],
}
