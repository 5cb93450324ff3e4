import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { FetchRefusal } from './refusals.ts'
import { type AddressKind, classifyAddress } from './host-address.ts'

const REPAIR =
  "https: modules come from public addresses, http: ones from this machine; name a host of your own network in privateHosts: ['…']"

/** Asks for all addresses of a name. */
export type ResolveHost = (host: string) => Promise<readonly LookupAddress[]>

export const resolveHost: ResolveHost = (host) =>
  process.getBuiltinModule('node:dns').promises.lookup(host, { all: true })

/** @throws FetchRefusal when one address of the host is none that may be asked. */
export function checkAddresses(host: string, addresses: readonly string[], allowed: readonly AddressKind[]): void {
  for (const address of addresses) {
    const kind = classifyAddress(address)
    if (allowed.includes(kind)) continue
    const what = kind === 'never' ? 'a reserved, link-local or metadata address' : `a ${kind} address`
    throw new FetchRefusal(host === address ? `${host} is ${what}` : `${host} leads to ${address}, ${what}`, REPAIR)
  }
}

/**
 * A `lookup` for `http.request()`: the connection goes to the very addresses that were checked, so a name server that
 * answers otherwise the next time changes nothing. One bad address among good ones refuses all.
 */
export function createCheckedLookup(allowed: readonly AddressKind[], resolve: ResolveHost): LookupFunction {
  return (host, { all }, callback) => {
    resolve(host).then(
      (addresses) => {
        try {
          checkAddresses(
            host,
            addresses.map(({ address }) => address),
            allowed,
          )
        } catch (error) {
          return callback(error as Error, [])
        }
        const [first] = addresses
        if (first === undefined) return callback(new Error(`${host} has no address`), [])
        return all === true ? callback(null, [...addresses]) : callback(null, first.address, first.family)
      },
      (error: Error) => callback(error, []),
    )
  }
}
