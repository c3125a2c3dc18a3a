import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { kernelErrors } from '../errors.ts'
import type { HostRules } from './hostRules.ts'
import { isAddressAllowed, type HostTrust } from './publicAddress.ts'

/**
 * Makes the connections for reading. Addresses are judged in the lookup whose result the socket uses, so a name that
 * resolves differently a moment later gains nothing.
 */
export function createSafeAgent(rules: HostRules, timeoutMs: number): Agent {
  const connectorFor = (trust: HostTrust) => buildConnector({ timeout: timeoutMs, allowH2: false, lookup: guardedLookup(trust) })
  const connectors = { public: connectorFor('public'), internal: connectorFor('internal'), named: connectorFor('named') }
  return new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: (options, callback) => {
      const { hostname, protocol, port } = options
      const trust = rules.trust(new URL(`${protocol}//${hostname}${port ? `:${port}` : ''}`))
      // why: a socket to an address in numbers is opened without any lookup.
      const address = hostname.replace(/^\[|\]$/g, '')
      if (isIP(address) !== 0 && !isAddressAllowed(address, trust)) return callback(refusal(hostname, address), null)
      connectors[trust](options, (...[error, socket]) => {
        if (error) return callback(error, null)
        const { remoteAddress } = socket
        if (remoteAddress !== undefined && isAddressAllowed(remoteAddress, trust)) return callback(null, socket)
        socket.destroy()
        callback(refusal(hostname, remoteAddress ?? 'nothing'), null)
      })
    },
  })
}

function guardedLookup(trust: HostTrust): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '')
      const allowed = addresses.filter(({ address }) => isAddressAllowed(address, trust))
      const [first] = allowed
      if (!first) return callback(refusal(hostname, addresses.map(({ address }) => address).join(', ')), '')
      if (options.all) return callback(null, allowed)
      callback(null, first.address, first.family)
    })
  }
}

/** A refused address on its way through the socket, before the URL is known. */
class AddressRefused extends Error {
  readonly hostname: string
  readonly address: string

  constructor(hostname: string, address: string) {
    super(`${hostname} is at ${address}`)
    this.hostname = hostname
    this.address = address
  }
}

function refusal(hostname: string, address: string): AddressRefused {
  return new AddressRefused(hostname, address)
}

/** The error for a URL whose connection was refused here, or undefined when it failed for another reason. */
export function findAddressRefusal(error: unknown, url: URL, shown: string) {
  if (!(error instanceof AddressRefused)) return undefined
  return kernelErrors.READ_ADDRESS_NOT_ALLOWED({ url: shown, address: error.address, host: url.host }, { cause: error })
}
