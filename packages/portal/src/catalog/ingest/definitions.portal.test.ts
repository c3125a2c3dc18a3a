import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { document } from '../../testkit/descriptors.ts'
import { problems } from '../../testkit/readCatalog.ts'
import { serveFiles } from '../../testkit/serveFiles.ts'

function api(name: string, definition: object): string {
  return document('API', name, { type: 'openapi', lifecycle: 'production', owner: 'crew', definition })
}

async function definitionOf(portal: TestPortal, name: string): Promise<any> {
  const { spec } = await until(() => portal.get(`/api/catalog/entities/by-name/api/default/${name}`))
  expect(typeof spec.definition).toBe('string')
  return load(spec.definition)
}

const PET = { type: 'object', properties: { name: { type: 'string' }, parents: { type: 'array', items: { $ref: '#/Pet' } } } }

describe('a definition of an API', () => {
  it('takes in what it refers to in other files, once, and leads back to it from there on', async () => {
    const portal = await createTestPortal({
      files: {
        'catalog-info.yaml': api('pets', { $openapi: './api/openapi.json' }),
        'api/openapi.json': JSON.stringify({
          openapi: '3.1.0',
          paths: {
            '/pets': { $ref: 'paths.yaml#/~1pets' },
            '/own': { get: { $ref: '#/components/x-own' } },
          },
          components: { 'x-own': { description: 'stays' }, schemas: { Name: { type: 'string' } } },
        }),
        'api/paths.yaml':
          '/pets:\n  get: { schema: { $ref: ./models/pet.json#/Pet } }\n  post: { schema: { $ref: models/pet.json#/Pet, description: new } }\n  own: { $ref: "./openapi.json#/components/schemas/Name" }\n  name: { $ref: "models/pet.json#/Pet/properties/name" }\n',
        'api/models/pet.json': JSON.stringify({ Pet: PET }),
      },
    })
    const pet = '#/paths/~1pets/get/schema'
    expect(await definitionOf(portal, 'pets')).toEqual({
      openapi: '3.1.0',
      paths: {
        '/pets': {
          get: {
            schema: {
              type: 'object',
              properties: { name: { type: 'string' }, parents: { type: 'array', items: { $ref: pet } } },
            },
          },
          post: { schema: { $ref: pet, description: 'new' } },
          own: { $ref: '#/components/schemas/Name' },
          name: { $ref: `${pet}/properties/name` },
        },
        '/own': { get: { $ref: '#/components/x-own' } },
      },
      components: { 'x-own': { description: 'stays' }, schemas: { Name: { type: 'string' } } },
    })
  })

  it('of AsyncAPI 3 keeps the references between operations, channels and messages', async () => {
    const asyncApi = {
      asyncapi: '3.0.0',
      operations: {
        hear: { action: 'receive', channel: { $ref: './channel.yaml' }, messages: [{ $ref: './channel.yaml#/messages/moved' }] },
        tell: { channel: { $ref: '#/channels/own' }, messages: [{ $ref: '#/channels/own/messages/said' }] },
      },
      channels: { moves: { $ref: './channel.yaml' }, own: { messages: { said: { payload: { type: 'string' } } } } },
    }
    const portal = await createTestPortal({
      files: {
        'catalog-info.yaml': api('moves', { $asyncapi: './asyncapi.yaml' }),
        'asyncapi.yaml': JSON.stringify(asyncApi),
        'channel.yaml': 'address: moves\nmessages: { moved: { payload: { type: object } } }\n',
      },
    })
    expect(await definitionOf(portal, 'moves')).toEqual({
      asyncapi: '3.0.0',
      operations: {
        hear: {
          action: 'receive',
          channel: { $ref: '#/channels/moves' },
          messages: [{ $ref: '#/channels/moves/messages/moved' }],
        },
        tell: asyncApi.operations.tell,
      },
      channels: { moves: { address: 'moves', messages: { moved: { payload: { type: 'object' } } } }, own: asyncApi.channels.own },
    })
  })

  it('is read again when a file changes that it refers to, also in another repository', async () => {
    const server = await serveFiles({
      '/acme/shop/blob/main/catalog-info.yaml': api('far', { $openapi: './openapi.yaml' }),
      '/acme/shop/blob/main/openapi.yaml': `openapi: 3.0.0\ninfo: { $ref: /docs/info.yaml }\nx: { $ref: "../../../models/blob/main/m.yaml#/M" }\n`,
      '/acme/shop/blob/main/docs/info.yaml': 'title: Far\n',
      '/acme/models/blob/main/m.yaml': 'M: { type: string }\n',
    })
    const portal = await createTestPortal({
      config: {
        backend: { reading: { allow: [{ host: server.host }] } },
        catalog: { locations: [{ type: 'url', target: `${server.url}/acme/shop/blob/main/catalog-info.yaml` }] },
      },
    })
    expect(await definitionOf(portal, 'far')).toEqual({ openapi: '3.0.0', info: { title: 'Far' }, x: { type: 'string' } })
    server.files['/acme/models/blob/main/m.yaml'] = 'M: { type: number }\n'
    expect((await portal.post('/api/catalog/refresh', { entityRef: 'api:default/far' })).status).toBe(200)
    await until(async () => expect(await definitionOf(portal, 'far')).toMatchObject({ x: { type: 'number' } }))
  })

  it.each([
    ['a: { $ref: ./gone.yaml }', 'gone.yaml'],
    ['a: { $ref: ./part.yaml#/none }', 'there is nothing at ./part.yaml#/none'],
    ['- a list', 'the definition is not an object'],
    ['a: { $ref: "./part.yaml', 'could not be resolved'],
  ])('that says %s is a problem of its entity', async (text, reason) => {
    const portal = await createTestPortal({
      files: { 'catalog-info.yaml': api('bad', { $openapi: './openapi.yaml' }), 'openapi.yaml': text, 'part.yaml': 'x: 1\n' },
    })
    await until(async () =>
      expect(await problems(portal)).toMatchObject([
        { code: 'DESCRIPTOR_PLACEHOLDER', ref: 'api:default/bad', message: expect.stringContaining(reason) },
      ]),
    )
  })

  it('that leads to too many files is a problem of its entity', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [`part${index}.yaml`, `next: { $ref: ./part${index + 1}.yaml }\n`]),
    )
    const portal = await createTestPortal({
      files: {
        'catalog-info.yaml': api('long', { $openapi: './openapi.yaml' }),
        'openapi.yaml': 'x: { $ref: ./part0.yaml }\n',
        ...files,
        'part200.yaml': 'end: 1\n',
      },
    })
    await until(async () =>
      expect(await problems(portal)).toMatchObject([{ message: expect.stringContaining('it leads to more than 200 files') }]),
    )
  })
})
