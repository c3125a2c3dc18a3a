/** A document of a catalog file: YAML is a superset of JSON. */
export function document(kind: string, name: string, spec: object, metadata: object = {}): string {
  return JSON.stringify({ apiVersion: 'backstage.io/v1alpha1', kind, metadata: { name, ...metadata }, spec })
}

/** A component with all that it must have. */
export function component(name: string, spec: object = {}, metadata: object = {}): string {
  return document('Component', name, { type: 'service', lifecycle: 'production', owner: 'crew', ...spec }, metadata)
}

/** A group without anybody in it. */
export function group(name: string, spec: object = {}): string {
  return document('Group', name, { type: 'team', children: [], ...spec })
}

/** A file with several documents. */
export function documents(...texts: string[]): string {
  return texts.map(each => `---\n${each}\n`).join('')
}
