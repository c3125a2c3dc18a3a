import { definePlugin } from '@callboard/sdk'
import { describe, expect, it } from 'vitest'
import { createTestPortal, type TestPortal } from './testkit/createTestPortal.ts'

const TOKEN = 'a-token-that-nobody-guesses'

describe('identity', () => {
  const access = (token: unknown) => ({
    backend: { auth: { externalAccess: [{ type: 'static', options: { token, subject: 'robot' } }] } },
  })
  const who = async (portal: TestPortal, authorization?: string) => {
    const response = await portal.request('/api/who', authorization === undefined ? {} : { headers: { authorization } })
    return [response.status, await response.json()]
  }
  const plugin = definePlugin({ name: 'who', setup: portal => portal.get('/', {}, ({ actor }) => actor) })

  it('is the guest without a token, the subject of a static token with one, and nobody with any other', async () => {
    const portal = await createTestPortal({
      plugins: [plugin],
      config: { ...access('${ROBOT_TOKEN}') },
      env: { ROBOT_TOKEN: TOKEN },
    })
    const guest = { type: 'user', id: 'user:development/guest', ownershipRefs: ['user:development/guest'] }
    expect(await who(portal)).toEqual([200, guest])
    expect(await who(portal, `Bearer ${TOKEN}`)).toEqual([200, { type: 'service', id: 'robot', ownershipRefs: [] }])
    for (const wrong of ['Bearer wrong', `Basic ${TOKEN}`, TOKEN, 'Bearer ']) {
      expect(await who(portal, wrong)).toEqual([
        401,
        {
          error: {
            name: 'AuthenticationError',
            message: 'The token of this request is not known.',
            code: 'TOKEN_UNKNOWN',
            hint: expect.any(String),
          },
          request: { method: 'GET', url: '/api/who' },
          response: { statusCode: 401 },
        },
      ])
    }
  })

  it('that the configuration asks for and that does not exist yet refuses the start, unless the portal is open', async () => {
    const files = {
      'app-config.yaml':
        'auth:\n  environment: development\n  providers:\n    guest: {}\n    github:\n      development:\n        clientId: x\n        clientSecret: y\n',
    }
    await expect(createTestPortal({ files })).rejects.toMatchObject({
      code: 'AUTH_PROVIDER_UNKNOWN',
      message: 'The configuration asks for sign-in with "github", which this release cannot do.',
      where: { line: 5 },
    })
    const portal = await createTestPortal({ files, plugins: [plugin], open: true })
    expect((await who(portal))[0]).toBe(200)
  })

  it('never writes a secret of the configuration into the log', async () => {
    const speaks = definePlugin({
      name: 'speaks',
      setup(portal) {
        portal.log.info(`the token is ${TOKEN}`, { nested: { token: TOKEN } })
        portal.get('/', {}, () => {
          throw new Error(`failed with ${TOKEN}`, { cause: new Error(`and ghp_abcdefgh`) })
        })
      },
    })
    const config = { ...access('${ROBOT_TOKEN}'), integrations: { github: [{ host: 'github.com', token: 'ghp_abcdefgh' }] } }
    const portal = await createTestPortal({ plugins: [speaks], config, env: { ROBOT_TOKEN: TOKEN } })
    const answer = await (await portal.request('/api/speaks')).text()
    const log = portal.log.join('')
    expect(log).toContain('the token is ***')
    expect(log).toContain('failed with ***')
    expect(log + answer).not.toContain(TOKEN)
    expect(log + answer).not.toContain('ghp_abcdefgh')
  })
})
