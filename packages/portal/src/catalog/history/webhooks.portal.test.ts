import { createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createFolder, createLastingDatabase, createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, group } from '../../testkit/descriptors.ts'
import { names } from '../../testkit/readCatalog.ts'

const KEY = Buffer.from('a key of twenty-four bytes')
const SECRET = `whsec_${KEY.toString('base64')}`

type Received = { headers: IncomingHttpHeaders; body: string; event: any }

/** Takes webhooks in; `answer` says with which status. */
async function createReceiver(answer: (count: number) => number) {
  const received: Received[] = []
  let count = 0
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      const status = answer(++count)
      if (status === 204) received.push({ headers: request.headers, body, event: JSON.parse(body) })
      response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end()
    })
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise(done => server.close(done))
  })
  const address = server.address()
  const host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return { received, host, url: `http://${host}/hook?key=hidden`, tries: () => count }
}

function configOf(host: string, webhook: object, allow = [{ host }]) {
  return {
    backend: { reading: { allow } },
    catalog: {
      rules: [{ allow: ['Component', 'Group'] }],
      locations: [{ type: 'file', target: './files/*.yaml' }],
      webhooks: [{ secret: SECRET, ...webhook }],
    },
  }
}

const refs = (received: Received[]) => received.map(({ event }) => [event.type, event.subject])
const TYPE = 'io.callboard.catalog.entity'

async function stateOf(portal: TestPortal): Promise<any> {
  return (await portal.get('/api/catalog/webhooks')).items[0]
}

describe('webhooks', () => {
  it('are told of changes as signed CloudEvents, in order, and again after failures', async () => {
    const receiver = await createReceiver(count => (count === 2 ? 500 : count === 3 ? 302 : 204))
    const portal = await createTestPortal({
      config: configOf(receiver.host, { url: receiver.url, q: 'kind:component', types: ['added', 'changed'] }),
      files: { 'files/org.yaml': group('crew'), 'files/a.yaml': component('a') },
    })
    await until(async () => expect(await names(portal)).toEqual(['a']))
    for (const type of ['two', 'three']) {
      await portal.write('files/a.yaml', component('a', { type }))
      await until(async () => expect((await portal.get('/api/catalog/entities/by-query?q=type:' + type)).totalItems).toBe(1))
    }
    await until(() => expect(receiver.received).toHaveLength(3), 15_000)
    expect(refs(receiver.received)).toEqual([
      [`${TYPE}.added`, 'component:default/a'],
      [`${TYPE}.changed`, 'component:default/a'],
      [`${TYPE}.changed`, 'component:default/a'],
    ])
    const changes = (await portal.get('/api/catalog/changes?q=kind:component')).items
    for (const [index, { headers, body, event }] of receiver.received.entries()) {
      const { revision, at } = changes[index]
      expect(event).toMatchObject({
        specversion: '1.0',
        id: String(revision),
        time: at,
        source: '/api/catalog',
        data: changes[index],
      })
      expect(headers['content-type']).toContain('application/cloudevents+json')
      const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.')
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', KEY).update(signed).digest('base64')}`)
    }
    await until(async () =>
      expect(await stateOf(portal)).toMatchObject({ revision: changes.at(-1).revision, failures: 0, error: null }),
    )
    expect((await stateOf(portal)).url).toBe(`http://${receiver.host}/hook`)
    expect(receiver.tries()).toBe(5)
  })

  it('keep their position over a restart and show what fails', async () => {
    let status = 503
    const receiver = await createReceiver(() => status)
    const [database, folder] = [await createLastingDatabase(), await createFolder()]
    const options = { config: configOf(receiver.host, { url: receiver.url, q: 'kind:component' }), database, folder }
    const first = await createTestPortal({
      ...options,
      files: { 'files/org.yaml': group('crew'), 'files/a.yaml': component('a') },
    })
    const failing = await until(async () => {
      const state = await stateOf(first)
      expect(state.failures).toBeGreaterThan(0)
      return state
    })
    expect(failing.error).toContain('503')
    expect(Date.parse(failing.nextTryAt)).toBeGreaterThan(Date.parse(failing.failedAt))
    await first.close()
    status = 204
    const second = await createTestPortal(options)
    await until(() => expect(refs(receiver.received)).toEqual([[`${TYPE}.added`, 'component:default/a']]), 15_000)
    await second.write('files/b.yaml', component('b'))
    await until(() => expect(refs(receiver.received).at(-1)).toEqual([`${TYPE}.added`, 'component:default/b']))
    expect(receiver.received).toHaveLength(2)
  })

  it('reach only hosts that the configuration allows', async () => {
    const receiver = await createReceiver(() => 204)
    const portal = await createTestPortal({
      config: configOf(receiver.host, { url: receiver.url }, []),
      files: { 'files/org.yaml': group('crew') },
    })
    await until(async () => expect((await stateOf(portal)).failures).toBeGreaterThan(0))
    expect((await stateOf(portal)).error).not.toContain('hidden')
    expect(receiver.tries()).toBe(0)
  })
})
