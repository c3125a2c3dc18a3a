import { CORE_API_VERSIONS, PROFILE, REFS, type KindDefinition } from './kindDefinition.ts'

export const user: KindDefinition = {
  kind: 'User',
  plural: 'users',
  apiVersions: CORE_API_VERSIONS,
  description: 'A person.',
  icon: 'user',
  specRequired: true,
  spec: {
    type: 'object',
    required: ['memberOf'],
    properties: { profile: PROFILE, memberOf: REFS },
  },
  relations: [{ field: 'memberOf', relation: 'memberOf', defaultKind: 'Group' }],
  searchable: ['profile.displayName', 'profile.email'],
}
