import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createTestPortal, until, type TestPortal } from '../../testkit/createTestPortal.ts'
import { component, documents, group } from '../../testkit/descriptors.ts'
import { find, names, versions } from '../../testkit/readCatalog.ts'

const config = {
  catalog: { rules: [{ allow: ['Component', 'Group'] }], locations: [{ type: 'file', target: './files/*.yaml' }] },
}

/** Reads server-sent events into a list, until the test ends it. */
async function listen(portal: TestPortal, path: string, headers: Record<string, string> = {}) {
  const ending = new AbortController()
  const response = await portal.request(path, { headers: { accept: 'text/event-stream', ...headers }, signal: ending.signal })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const events: { id: number; event: string; data: any }[] = []
  const reading = (async () => {
    let text = ''
    for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (text + chunk).split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks.filter(each => each.startsWith('id:'))) {
        const line = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? ''
        events.push({ id: Number(line('id')), event: line('event'), data: JSON.parse(line('data')) })
      }
    }
  })().catch(() => undefined)
  return { events, end: async () => (ending.abort(), await reading) }
}

describe('the feed of changes', () => {
  it('tells every change once, in order, with who, why and where, and can be resumed anywhere', async () => {
    const portal = await createTestPortal({ config, files: { 'files/org.yaml': group('crew'), 'files/a.yaml': component('a') } })
    await until(async () => expect(await names(portal)).toEqual(['a']))
    await portal.write('files/a.yaml', component('a', { type: 'two' }))
    await until(async () => expect(await versions(portal, 'a')).toHaveLength(2))
    await rm(join(portal.folder, 'files/a.yaml'))
    await until(async () => expect(await names(portal)).toEqual([]))
    const all = await portal.get('/api/catalog/changes')
    const ofA = all.items.filter((each: any) => each.ref === 'component:default/a')
    expect(ofA.map((each: any) => [each.change, each.version, each.kind, each.actor, each.reason])).toEqual([
      ['added', 1, 'Component', 'system', null],
      ['changed', 2, 'Component', 'system', null],
      ['removed', 3, 'Component', 'system', null],
    ])
    expect(ofA[0]).toMatchObject({
      location: `file:${portal.folder}/files/a.yaml`,
      etag: expect.stringMatching(/^[0-9a-f]{40}$/),
    })
    const revisions = all.items.map((each: any) => each.revision)
    expect(revisions).toEqual([...new Set(revisions)].toSorted((a: any, b: any) => a - b))
    expect([all.more, all.next]).toEqual([false, revisions.at(-1)])

    const paged: number[] = []
    for (let after = 0, more = true; more;) {
      const page = await portal.get(`/api/catalog/changes?after=${after}&limit=2`)
      paged.push(...page.items.map((each: any) => each.revision))
      after = page.next
      more = page.more
    }
    expect(paged).toEqual(revisions)
    expect((await portal.get(`/api/catalog/changes?after=${all.next}`)).items).toEqual([])
    expect((await portal.get('/api/catalog/changes?after=now')).items).toEqual([])
  })

  it('of a query tells what enters it, changes in it, and leaves it', async () => {
    const portal = await createTestPortal({ config, files: { 'files/org.yaml': group('crew'), 'files/a.yaml': component('a') } })
    for (const type of ['tool', 'tool', 'service']) {
      const before = (await until(() => versions(portal, 'a'))).length
      const title = `Number ${before}`
      await portal.write('files/a.yaml', component('a', { type }, { title }))
      await until(async () => expect((await find(portal, 'a')).metadata.title).toBe(title))
    }
    const of = async (q: string) =>
      (await portal.get(`/api/catalog/changes?q=${encodeURIComponent(q)}`)).items.map((each: any) => each.version)
    const path = '/api/catalog/entities/by-name/component/default/a/versions'
    const all = (await versions(portal, 'a')).map(each => each.version).toReversed()
    const isTool = async (version: number) => {
      const response = await portal.request(`${path}/${version}`)
      return response.ok && (await response.json()).spec.type === 'tool'
    }
    const tools: boolean[] = []
    for (const version of all) tools.push(await isTool(version))
    expect(tools.filter(Boolean).length).toBeGreaterThanOrEqual(2)
    expect(await of('type:tool')).toEqual(all.filter((_, index) => tools[index] || tools[index - 1]))
    expect(await of('kind:component owner>(name:crew)')).toEqual(all)
    expect(await of('type:none')).toEqual([])
    expect((await portal.request('/api/catalog/changes?q=@2026-01-01')).status).toBe(400)
  })

  it('misses and doubles nothing while others write', async () => {
    const portal = await createTestPortal({ config, files: { 'files/org.yaml': group('crew') } })
    const wanted = Array.from({ length: 30 }, (_, index) => `c${index}`)
    let isWriting = true
    const seen: number[] = []
    const refs: string[] = []
    let after = 0
    const read = async () => {
      const page = await portal.get(`/api/catalog/changes?after=${after}&limit=3`)
      seen.push(...page.items.map((each: any) => each.revision))
      refs.push(...page.items.map((each: any) => each.ref))
      after = page.next
      return page.more || isWriting
    }
    const reading = (async () => {
      while (await read());
      await read()
    })()
    for (let index = 0; index < wanted.length; index += 3) {
      const group = wanted.slice(index, index + 3)
      await Promise.all(group.map(name => portal.write(`files/${name}.yaml`, component(name))))
      await until(async () => expect(await names(portal)).toEqual(expect.arrayContaining(group)))
    }
    isWriting = false
    await reading
    const all = await portal.get('/api/catalog/changes?limit=1000')
    expect(seen).toEqual(all.items.map((each: any) => each.revision))
    expect(wanted.every(name => refs.includes(`component:default/${name}`))).toBe(true)
  })

  it('is streamed as server-sent events, which go on after the last one that was seen', async () => {
    const portal = await createTestPortal({ config, files: { 'files/org.yaml': group('crew'), 'files/a.yaml': component('a') } })
    await until(async () => expect(await names(portal)).toEqual(['a']))
    const past = (await portal.get('/api/catalog/changes?q=kind:component')).items
    const path = '/api/catalog/changes?q=kind:component'
    const first = await listen(portal, path)
    await until(() => expect(first.events.map(each => each.data)).toEqual(past))
    await portal.write('files/b.yaml', documents(component('b'), component('c')))
    // Well before the heartbeat: the change itself rings.
    await until(() => expect(first.events.map(each => [each.event, each.data.ref])).toHaveLength(3), 8000)
    await first.end()
    const lastId = first.events[0]?.id ?? 0
    const second = await listen(portal, path, { 'last-event-id': String(lastId) })
    await until(() => expect(second.events).toEqual(first.events.slice(1)))
    await second.end()
    const third = await listen(portal, `${path}&after=now`)
    await rm(join(portal.folder, 'files/b.yaml'))
    await until(() => expect(third.events.map(each => each.event)).toEqual(['removed', 'removed']), 8000)
    await portal.close()
    await third.end()
  })
})
