import picomatch from 'picomatch'
import type { CatalogConfig, CatalogRule } from '../config.ts'

/** Whether an entity of this kind and type may come from a registration (`<type>:<target>`). */
export type AllowRule = (entity: { kind: string; type: unknown }, origin: string) => boolean

type Allowed = CatalogRule['allow'][number]

const DEFAULT_ALLOW = ['Component', 'API', 'Location']

/** The rules of `catalog.rules`, and of single locations, which add to them for exactly that location. */
export function createRules(config: CatalogConfig, originOf: (location: { type: string; target: string }) => string): AllowRule {
  const general = config.rules ?? [{ allow: DEFAULT_ALLOW }]
  const byOrigin = new Map(config.locations.map(each => [originOf(each), (each.rules ?? []).flatMap(rule => rule.allow)]))
  const compiled = general.map(rule => ({ allow: rule.allow, isFor: compileLocations(rule) }))
  return (entity, origin) =>
    compiled.some(rule => rule.isFor(origin) && rule.allow.some(allowed => isAllowed(allowed, entity))) ||
    (byOrigin.get(origin) ?? []).some(allowed => isAllowed(allowed, entity))
}

function compileLocations({ locations }: CatalogRule): (origin: string) => boolean {
  if (!locations) return () => true
  const checks = locations.map(({ type, exact, pattern }) => {
    const matches = pattern ? picomatch(pattern, { nocase: true, dot: true }) : undefined
    return (origin: string) => {
      const target = origin.slice(type.length + 1)
      return origin.startsWith(`${type}:`) && (exact ? target === exact : matches ? matches(target) : true)
    }
  })
  return origin => checks.some(check => check(origin))
}

function isAllowed(allowed: Allowed, { kind, type }: { kind: string; type: unknown }): boolean {
  const wanted = typeof allowed === 'string' ? { kind: allowed } : allowed
  if (wanted.kind.toLowerCase() !== kind.toLowerCase()) return false
  const wantedType = 'spec.type' in wanted ? wanted['spec.type'] : undefined
  return wantedType === undefined || wantedType.toLowerCase() === String(type).toLowerCase()
}
