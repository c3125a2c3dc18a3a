import { CORE_API_VERSIONS, PROFILE, REFS, TEXT, type KindDefinition } from './kindDefinition.ts'

export const group: KindDefinition = {
  kind: 'Group',
  plural: 'groups',
  apiVersions: CORE_API_VERSIONS,
  description: 'A team, a department, or another body that owns things.',
  icon: 'group',
  specRequired: true,
  spec: {
    type: 'object',
    required: ['type', 'children'],
    properties: { type: TEXT, profile: PROFILE, parent: TEXT, children: REFS, members: REFS },
  },
  relations: [
    { field: 'parent', relation: 'childOf', defaultKind: 'Group' },
    { field: 'children', relation: 'parentOf', defaultKind: 'Group' },
    { field: 'members', relation: 'hasMember', defaultKind: 'User' },
  ],
  searchable: ['profile.displayName'],
}
