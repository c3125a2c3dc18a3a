import { expect, it } from 'vitest'
import { searchRowsOf, termOf } from './searchRows.ts'

it('walks an entity into rows: lists under their own path, texts in lists also by name, nothing that only the system writes', () => {
  const rows = searchRowsOf({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: 'Ledger',
      title: null as never,
      labels: { 'Ex/A': 'B' },
      annotations: { big: 'x'.repeat(201) },
      tags: ['Java'],
      links: [],
      uid: 'u1',
      etag: 'e1',
    },
    spec: { nested: { a: [{ b: 1 }, { b: 2 }, 's'] }, flag: false, [`k${'x'.repeat(200)}`]: 'too long a key' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/crew' }],
    status: { items: [] },
  })
  expect(rows).toEqual([
    { key: 'apiversion', value: 'backstage.io/v1alpha1' },
    { key: 'kind', value: 'Component' },
    { key: 'metadata.title', value: null },
    { key: 'metadata.labels.ex/a', value: 'B' },
    { key: 'metadata.annotations.big', value: null },
    { key: 'metadata.tags', value: 'Java' },
    { key: 'metadata.tags.java', value: 'true' },
    { key: 'spec.nested.a.b', value: '1' },
    { key: 'spec.nested.a.b', value: '2' },
    { key: 'spec.nested.a', value: 's' },
    { key: 'spec.nested.a.s', value: 'true' },
    { key: 'spec.flag', value: 'false' },
    { key: 'metadata.name', value: 'Ledger' },
    { key: 'metadata.namespace', value: 'default' },
  ])
})

it('numbers a term by its key and its value in lower case, alike on every machine', () => {
  expect(termOf('spec.type', 'Service')).toBe(termOf('spec.type', 'service'))
  expect(new Set([termOf('a'), termOf('a', ''), termOf('a', 'b'), termOf('b', 'a')]).size).toBe(4)
  expect(Number.isSafeInteger(termOf('metadata.tags', 'java'))).toBe(true)
})
