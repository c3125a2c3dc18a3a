import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { kernelErrors } from '../errors.ts'
import type { HostRules } from './hostRules.ts'
import { isAddressAllowed, type HostTrust } from './publicAddress.ts'

/**
 * Makes the connections for reading. Addresses are judged in the lookup whose result the socket uses, so a name that
 * resolves differently a moment later gains nothing. Connecting fails with `READ_ADDRESS_NOT_ALLOWED`.
 */
export function createSafeAgent(rules: HostRules, timeoutMs: number): Agent {
  return new Agent({
    // So many requests go to one host at once; the others wait in line.
    connections: 8,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: (options, callback) => {
      const { hostname, protocol, port } = options
      const url = new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}`)
      const trust = rules.trust(url)
      const refusal = (address: string) => kernelErrors.READ_ADDRESS_NOT_ALLOWED({ url: url.origin, address, host: url.host })
      // why: a socket to an address in numbers is opened without any lookup.
      const literal = hostname.replace(/^\[|\]$/g, '')
      if (isIP(literal) !== 0 && !isAddressAllowed(literal, trust)) return callback(refusal(literal), null)

      const open = buildConnector({ timeout: timeoutMs, allowH2: false, lookup: guardLookup(trust, refusal) })
      open(options, (...[error, socket]) => {
        if (error) return callback(error, null)
        const { remoteAddress = 'an unknown address' } = socket
        if (isAddressAllowed(remoteAddress, trust)) return callback(null, socket)
        socket.destroy()
        callback(refusal(remoteAddress), null)
      })
    },
  })
}

function guardLookup(trust: HostTrust, refusal: (address: string) => Error): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const allowed = addresses.filter(({ address }) => isAddressAllowed(address, trust))
      const [first] = allowed
      if (!first) return callback(refusal(addresses.map(({ address }) => address).join(', ')), '')
      if (options.all) return callback(null, allowed)
      callback(null, first.address, first.family)
    })
  }
}
