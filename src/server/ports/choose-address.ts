import { isIP, isIPv6 } from 'node:net'
import { findClosestName } from '../../internal/closest-name.ts'
import { isLinkLocal, isMulticast, normalizeAddress, splitScope, unmapAddress } from './ip-address.ts'
import type { AdapterAddress, Adapters } from './port-facts.ts'
import type { ListenOptions } from './port-options.ts'
import { refuseOption } from './refuse-option.ts'

type Choice = { readonly address: string; readonly family: 4 | 6 }

const LOOPBACK = { 4: '127.0.0.1', 6: '::1' } as const

function readLiteral(address: string, what: string): string {
  const inner = /^\[(.+)\]$/.exec(address)?.[1]
  if (inner !== undefined && isIPv6(inner)) throw refuseOption(what, `it is '${address}'`, `write '${inner}'`)
  if (address.toLowerCase() === 'localhost') {
    const given = "'localhost' is 127.0.0.1 on some machines and ::1 on others"
    throw refuseOption(what, given, "write '127.0.0.1' or '::1'")
  }
  if (isIP(address) === 0) {
    throw refuseOption(what, `'${address}' is no IP address`, "write one as '127.0.0.1' or '::1', or name an adapter")
  }
  const mapped = unmapAddress(address)
  if (mapped !== undefined) throw refuseOption(what, `'${address}' is an IPv4 address`, `write '${mapped}'`)
  if (isMulticast(address))
    throw refuseOption(what, `'${address}' is no address of one machine`, 'name one of this one')
  return normalizeAddress(address)
}

function list(adapters: Adapters): string {
  return Object.keys(adapters).join(', ')
}

function listAddresses(addresses: readonly AdapterAddress[]): string {
  return addresses.map(({ address }) => address).join(', ') || 'none'
}

function findAdapter(adapter: string, adapters: Adapters, what: string): readonly AdapterAddress[] {
  const found = Object.hasOwn(adapters, adapter) ? adapters[adapter] : undefined
  if (found !== undefined && found.length > 0) return found
  const closest = findClosestName(adapter, Object.keys(adapters))
  const hint = closest === undefined ? '' : `did you mean '${closest}'? `
  const given = `no adapter named '${adapter}' is up with an address`
  throw refuseOption(what, given, `${hint}this machine has ${list(adapters) || 'none'}`)
}

function addScope(address: string, adapter: string): string {
  return isLinkLocal(address) && splitScope(address).scope === undefined ? `${address}%${adapter}` : address
}

function chooseOfAdapter(adapter: string, family: 4 | 6 | undefined, adapters: Adapters, what: string): string {
  const addresses = findAdapter(adapter, adapters, what)
  const ofFamily = (wanted: 4 | 6): readonly string[] =>
    addresses.filter((each) => each.family === `IPv${wanted}`).map(({ address }) => address)
  const usable = family === undefined ? [...ofFamily(4), ...ofFamily(6)] : ofFamily(family)
  const address = usable.find((each) => !isLinkLocal(each)) ?? usable[0]
  if (address === undefined) {
    const given = `adapter '${adapter}' has no IPv${family} address`
    throw refuseOption(what, given, `it has ${listAddresses(addresses)}; leave out 'family' or name another adapter`)
  }
  return addScope(normalizeAddress(address), adapter)
}

function checkBelongs(address: string, adapter: string, adapters: Adapters, whose: string): string {
  const addresses = findAdapter(adapter, adapters, `option 'adapter' of ${whose}`)
  const { bare, scope } = splitScope(address)
  const isIts = addresses.some((each) => normalizeAddress(splitScope(each.address).bare) === bare)
  if (!isIts || (scope !== undefined && scope !== adapter)) {
    const given = `'${address}' is no address of adapter '${adapter}'`
    throw refuseOption(`option 'address' of ${whose}`, given, `it has ${listAddresses(addresses)}`)
  }
  return addScope(address, adapter)
}

function chooseLiteral(address: string, { adapter, family }: ListenOptions, adapters: Adapters, whose: string): string {
  const what = `option 'address' of ${whose}`
  const literal = readLiteral(address, what)
  const own = isIPv6(literal) ? 6 : 4
  if (family !== undefined && family !== own) {
    throw refuseOption(`option 'family' of ${whose}`, `it is ${family}, and '${address}' is IPv${own}`, 'leave it out')
  }
  if (adapter !== undefined) return checkBelongs(literal, adapter, adapters, whose)
  if (isLinkLocal(literal) && splitScope(literal).scope === undefined) {
    const given = `'${address}' is link-local, and every adapter has such addresses`
    throw refuseOption(what, given, `add the adapter, as in '${address}%${Object.keys(adapters).at(-1) ?? 'eth0'}'`)
  }
  return literal
}

/**
 * The one address that a group listens at, without asking the network.
 *
 * @param whose - As in "group 'red' of serve()".
 * @throws EisenmpError `ERR_EISENMP_OPTION`
 */
export function chooseAddress(options: ListenOptions, adapters: Adapters, whose: string): Choice {
  const { address: given, adapter, family } = options
  if (given === undefined && adapter === undefined) return { address: LOOPBACK[family ?? 4], family: family ?? 4 }
  const address =
    given === undefined
      ? chooseOfAdapter(adapter!, family, adapters, `option 'adapter' of ${whose}`)
      : chooseLiteral(given, options, adapters, whose)
  return { address, family: isIPv6(address) ? 6 : 4 }
}
