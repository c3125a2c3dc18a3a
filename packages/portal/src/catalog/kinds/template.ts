import type { JsonObject } from '@callboard/sdk'
import { TEXT, type KindDefinition } from './kindDefinition.ts'

const SCHEMA: JsonObject = { type: 'object' }
const FORM_DECORATORS: JsonObject = {
  type: 'array',
  items: { type: 'object', required: ['id'], properties: { id: { type: 'string' }, input: { type: 'object' } } },
}

export const template: KindDefinition = {
  kind: 'Template',
  plural: 'templates',
  apiVersions: ['scaffolder.backstage.io/v1beta3'],
  description: 'Makes something new from a form.',
  icon: 'template',
  specRequired: true,
  spec: {
    type: 'object',
    required: ['type', 'steps'],
    properties: {
      type: TEXT,
      owner: TEXT,
      lifecycle: TEXT,
      parameters: { oneOf: [SCHEMA, { type: 'array', items: SCHEMA }] },
      secrets: { type: 'object', properties: { schema: SCHEMA } },
      presentation: {
        type: 'object',
        properties: {
          buttonLabels: {
            type: 'object',
            properties: {
              backButtonText: { type: 'string' },
              createButtonText: { type: 'string' },
              reviewButtonText: { type: 'string' },
            },
          },
        },
      },
      formDecorators: FORM_DECORATORS,
      EXPERIMENTAL_formDecorators: FORM_DECORATORS,
      EXPERIMENTAL_recovery: {
        type: 'object',
        properties: { EXPERIMENTAL_strategy: { type: 'string', enum: ['none', 'startOver'] } },
      },
      steps: {
        type: 'array',
        items: {
          type: 'object',
          required: ['action'],
          properties: {
            id: { type: 'string' },
            name: { type: 'string' },
            action: { type: 'string' },
            input: { type: 'object' },
            if: { type: ['string', 'boolean'] },
            'backstage:permissions': {
              type: 'object',
              properties: { tags: { type: 'array', items: { type: 'string' } } },
            },
          },
        },
      },
      output: {
        type: 'object',
        properties: {
          links: {
            type: 'array',
            items: {
              type: 'object',
              properties: {
                url: TEXT,
                entityRef: TEXT,
                title: TEXT,
                icon: TEXT,
                if: { type: ['string', 'boolean'] },
              },
            },
          },
          text: {
            type: 'array',
            items: {
              type: 'object',
              properties: { title: TEXT, icon: TEXT, content: { type: 'string' }, if: { type: ['string', 'boolean'] } },
            },
          },
        },
        additionalProperties: { type: 'string' },
      },
    },
  },
  relations: [{ field: 'owner', relation: 'ownedBy', defaultKind: 'Group' }],
  searchable: ['type'],
}
