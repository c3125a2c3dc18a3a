import { collectSpans } from '@callboard/kernel/collectSpans'
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { expect, it, onTestFinished } from 'vitest'
import { createTestPortal, until } from '../testkit/createTestPortal.ts'
import { component } from '../testkit/descriptors.ts'
import { find } from '../testkit/readCatalog.ts'

it('requests, jobs, and the reading of sources are told as spans, each below what caused it', async () => {
  const exporter = new InMemorySpanExporter()
  onTestFinished(collectSpans(new SimpleSpanProcessor({ exporter })))
  const portal = await createTestPortal({ files: { 'catalog-info.yaml': component('a') } })
  await until(() => find(portal, 'a'))
  const trace = 'a'.repeat(32)
  const headers = { traceparent: `00-${trace}-${'b'.repeat(16)}-01`, 'content-type': 'application/json' }
  await portal.request('/api/catalog/refresh', { method: 'POST', headers, body: '{"entityRef":"component:default/a"}' })
  await portal.request('/api/catalog/entities/by-name/component/default/absent?secret=1', {
    headers: { traceparent: headers.traceparent },
  })
  const spans = () => exporter.getFinishedSpans()
  const named = (name: string) => spans().find(each => each.name === name && each.spanContext().traceId === trace)

  await until(() => expect(named('POST /api/catalog/refresh')).toBeDefined())
  const refresh = named('POST /api/catalog/refresh')
  expect(refresh?.parentSpanContext?.spanId).toBe('b'.repeat(16))
  expect(refresh?.attributes).toMatchObject({ 'http.request.method': 'POST', 'http.response.status_code': 200 })
  const reads = spans().filter(each => each.name === 'catalog read' && each.spanContext().traceId === trace)
  const file = `file:${portal.folder}/catalog-info.yaml`
  expect(reads.map(each => each.attributes)).toEqual([
    { 'catalog.source': `location:${file}`, 'catalog.result': 'unchanged' },
    { 'catalog.source': file, 'catalog.result': 'unchanged' },
  ])
  await until(() =>
    expect(named('GET /api/catalog/entities/by-name/:kind/:namespace/:name')?.attributes).toMatchObject({
      'http.response.status_code': 400,
      'url.path': '/api/catalog/entities/by-name/component/default/absent',
    }),
  )
  expect(JSON.stringify(spans().map(each => each.attributes))).not.toContain('secret')
  await until(() => expect(spans().map(each => each.name)).toContain('job catalog-1'))
  const write = spans().find(each => each.name === 'catalog write')
  expect(write?.attributes).toMatchObject({ 'catalog.entities': expect.any(Number) })
})
