import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { request } from 'undici'
import type { HostTrust } from './publicAddress.ts'
import { createSafeAgent } from './safeAgent.ts'

async function ask(host: string, trust: HostTrust) {
  let connections = 0
  const server = createServer((_request, response) => response.end('reached'))
    .on('connection', () => connections++)
    .listen(0, 'localhost')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const dispatcher = createSafeAgent({ check: () => undefined, trust: () => trust }, 1000)
  onTestFinished(async () => {
    await dispatcher.destroy()
    server.close()
  })
  const answer = await request(`http://${host}:${port}/`, { dispatcher }).then(
    ({ body }) => body.text(),
    (error: unknown) => error,
  )
  return { answer, connections, port }
}

test.each(['public', 'internal'] as const)('a name of a %s host that resolves to loopback is not connected to', async trust => {
  const { answer, connections, port } = await ask('localhost', trust)
  expect(answer).toMatchObject({
    code: 'READ_ADDRESS_NOT_ALLOWED',
    message: expect.stringMatching(/http:\/\/localhost:\d+ is not allowed: its host resolves to .*(?:127\.0\.0\.1|::1)/),
    hint: expect.stringContaining(`- host: localhost:${port}`),
  })
  expect(connections).toBe(0)
})

test('a name that the configuration writes out is connected to, wherever it is', async () => {
  expect(await ask('localhost', 'named')).toMatchObject({ answer: 'reached', connections: 1 })
})
