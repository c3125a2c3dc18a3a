import { definePlugin, text } from '@callboard/sdk'
import { describe, expect, it } from 'vitest'
import { createTestPortal } from './testkit/createTestPortal.ts'

const TOKEN = 'a-token-of-a-robot'
const bearer = { headers: { authorization: `Bearer ${TOKEN}` } }

function configWith(accessRestrictions: object[]) {
  return {
    backend: { auth: { externalAccess: [{ type: 'static', options: { token: TOKEN, subject: 'robot' }, accessRestrictions }] } },
  }
}

describe('a token with access restrictions', () => {
  it('reaches the plugins that it names and no others', async () => {
    const portal = await createTestPortal({ config: configWith([{ plugin: 'catalog' }]) })
    expect((await portal.request('/api/catalog/entities', bearer)).status).toBe(200)
    const refused = await portal.request('/api/shell/pages', bearer)
    expect(refused.status).toBe(403)
    expect((await refused.json()).error).toMatchObject({ name: 'NotAllowedError', code: 'PERMISSION_DENIED' })
  })

  it('is allowed the actions that it names and no others', async () => {
    const portal = await createTestPortal({
      config: configWith([{ plugin: 'catalog', permissionAttribute: { action: 'read' } }]),
    })
    expect((await portal.request('/api/catalog/entities', bearer)).status).toBe(200)
    const body = JSON.stringify({ type: 'url', target: 'https://github.com/acme/x/blob/main/catalog-info.yaml' })
    const headers = { ...bearer.headers, 'content-type': 'application/json' }
    expect((await portal.request('/api/catalog/locations', { method: 'POST', headers, body })).status).toBe(403)
  })
})

describe('backend.https', () => {
  it('without a certificate stops the start with a sentence', async () => {
    await expect(createTestPortal({ config: { backend: { https: true } } })).rejects.toMatchObject({ code: 'HTTPS_CERTIFICATE' })
  })
})

describe('a card for a query that cannot be read', () => {
  it('stops the start', async () => {
    const plugin = definePlugin({
      name: 'cards',
      setup: portal => portal.card({ title: 'Broken', for: 'kind:(', view: () => text('never') }),
    })
    await expect(createTestPortal({ plugins: [plugin] })).rejects.toMatchObject({
      code: 'PLUGIN_SETUP_FAILED',
      message: 'The plugin cards failed to set up: There is no value behind "kind:".',
    })
  })
})
