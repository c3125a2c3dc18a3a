import ipaddr from 'ipaddr.js'

/**
 * How much a host is trusted: `public` may only resolve to public addresses, `internal` (a wildcard of the allow list)
 * also to private networks, and `named` (written out in the configuration) to any address.
 */
export type HostTrust = 'public' | 'internal' | 'named'

const INTERNAL_RANGES = new Set(['private', 'uniqueLocal', 'carrierGradeNat'])
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** Whether a connection to this IP address may be made for a host of that trust. */
export function isAddressAllowed(address: string, trust: HostTrust): boolean {
  if (trust === 'named') return true
  if (!ipaddr.isValid(address)) return false
  // why: process() unwraps ::ffff:127.0.0.1, which would reach the IPv4 address.
  const parsed = ipaddr.process(address)
  const range = parsed.range()
  if (trust === 'internal' && INTERNAL_RANGES.has(range)) return true
  if (range !== 'unicast') return false
  // why: the range list counts forms like ::127.0.0.1 as unicast; all of global IPv6 is inside 2000::/3 (RFC 4291, IANA).
  return !(parsed instanceof ipaddr.IPv6) || parsed.match(GLOBAL_IPV6)
}
