const LABELS: Record<string, [string, string]> = {
  api: ['API', 'APIs'],
  component: ['Component', 'Components'],
  system: ['System', 'Systems'],
  domain: ['Domain', 'Domains'],
  resource: ['Resource', 'Resources'],
  group: ['Group', 'Groups'],
  user: ['User', 'Users'],
  template: ['Template', 'Templates'],
  location: ['Location', 'Locations'],
}

/** A kind as people write it, for one entity or for many. */
export function getKindLabel(kind: string, many = false): string {
  const known = LABELS[kind.toLowerCase()]
  if (known) return known[many ? 1 : 0]
  return kind.charAt(0).toUpperCase() + kind.slice(1)
}
