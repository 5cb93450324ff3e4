import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isPlainObject, showValue, strings } from '../options.ts'
import { type AddressKind, namesLoopback, readHost } from './host-address.ts'
import { type Pin, isPin } from './integrity.ts'
import { refuseModule } from './refusals.ts'

/** What a module from the network may be made of, before anything is fetched. */
export interface NetworkGraph {
  readonly url: string
  /** Every module of the graph, by its whole address. */
  readonly pins: ReadonlyMap<string, Pin>
  /** Hosts that may be at private addresses. */
  readonly privateHosts: readonly string[]
  /** Folder of the cache. */
  readonly cache?: string
}

/** More modules than this in one graph want to be bundled. */
export const MAX_MODULES = 500

export function isNetworkUrl({ protocol }: URL): boolean {
  return protocol === 'https:' || protocol === 'http:'
}

const HOW = 'for the hash of a copy that you trust: openssl dgst -sha384 -binary module.js | openssl base64 -A'

function checkAddress(given: URL): URL {
  const url = new URL(given)
  // It is never sent, and Node would take another one for another module.
  url.hash = ''
  if (url.protocol === 'http:' && !namesLoopback(url)) {
    throw refuseModule(url.href, "'http:' is for this machine only", 'give an https: address')
  }
  if (url.username !== '' || url.password !== '') {
    url.username = ''
    url.password = ''
    throw refuseModule(
      url.href,
      'its address has a name or password in it',
      'they would be shown in messages; leave them out',
    )
  }
  return url
}

function checkPin(url: string, pin: unknown): Pin {
  if (isPin(pin)) return pin
  const problem = `its integrity is ${showValue(pin)}`
  throw refuseModule(url, problem, `one hash is needed, sha256, sha384 or sha512: 'sha384-…'; ${HOW}`)
}

function resolveKey(key: string, entry: URL): URL {
  const url = /^\.{0,2}\//.test(key) ? URL.parse(key, entry.href) : URL.parse(key)
  if (url !== null && isNetworkUrl(url)) return checkAddress(url)
  const repair = "name modules by https: addresses, or './name.js' relative to the first one"
  throw refuseModule(entry.href, `its integrity names '${key}'`, repair)
}

/** Every pinned module by its whole address, and the entry among them. */
function readPins(entry: URL, integrity: unknown): Map<string, Pin> {
  if (!isPlainObject(integrity)) return new Map([[entry.href, checkPin(entry.href, integrity)]])
  const pins = new Map<string, Pin>()
  for (const [key, pin] of Object.entries(integrity)) {
    const { href } = resolveKey(key, entry)
    if (pins.has(href)) throw refuseModule(entry.href, `its integrity names ${href} twice`, 'leave one of them')
    pins.set(href, checkPin(href, pin))
  }
  if (!pins.has(entry.href)) {
    throw refuseModule(
      entry.href,
      'its integrity does not name the module itself',
      `add '${entry.href}': 'sha384-…'; ${HOW}`,
    )
  }
  if (pins.size <= MAX_MODULES) return pins
  throw refuseModule(entry.href, `its integrity names ${pins.size} modules`, `${MAX_MODULES} are allowed; bundle them`)
}

function readFolder(cache: unknown, url: URL): string {
  if (cache instanceof URL && cache.protocol === 'file:') return fileURLToPath(cache)
  if (typeof cache === 'string' && cache !== '') return resolve(cache)
  throw refuseModule(url.href, `its cache is ${showValue(cache)}`, 'give the path or file: URL of a folder')
}

/**
 * Checks all that is said about a module from the network; nobody is asked for anything.
 *
 * @throws EisenmpError `ERR_EISENMP_MODULE`
 */
export function checkNetworkGraph(given: URL, options: Record<string, unknown>): NetworkGraph {
  const { integrity, privateHosts = [], cache } = options
  const url = checkAddress(given)
  if (integrity === undefined) {
    throw refuseModule(
      url.href,
      'a module from the network needs its integrity',
      `give { url, integrity: 'sha384-…' }; ${HOW}`,
    )
  }
  if (!strings.accepts(privateHosts)) {
    throw refuseModule(url.href, `its privateHosts are ${showValue(privateHosts)}`, 'give an array of host names')
  }
  const graph = { url: url.href, pins: readPins(url, integrity), privateHosts: privateHosts as readonly string[] }
  return cache === undefined ? graph : { ...graph, cache: readFolder(cache, url) }
}

/** Addresses that may be asked for one module of the graph. */
export function listAllowed(url: URL, { privateHosts }: Pick<NetworkGraph, 'privateHosts'>): readonly AddressKind[] {
  if (url.protocol === 'http:') return ['loopback']
  const isPrivate = privateHosts.some((host) => host.toLowerCase() === readHost(url))
  return isPrivate ? ['public', 'private', 'loopback'] : ['public']
}
