import { isIPv4, isIPv6 } from 'node:net'

/** An address without its scope, and the scope. */
export function splitScope(address: string): { readonly bare: string; readonly scope: string | undefined } {
  const at = address.indexOf('%')
  return at < 0 ? { bare: address, scope: undefined } : { bare: address.slice(0, at), scope: address.slice(at + 1) }
}

/** The one way of writing it, so that equal addresses are equal texts; the scope stays. */
export function normalizeAddress(address: string): string {
  if (isIPv4(address)) return address
  const { bare, scope } = splitScope(address)
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1)
  return scope === undefined ? short : `${short}%${scope}`
}

export function isLinkLocal(address: string): boolean {
  return isIPv6(address) && /^fe[89ab]/i.test(normalizeAddress(address))
}

/** A group of receivers, where no server of TCP can be. */
export function isMulticast(address: string): boolean {
  if (isIPv4(address)) return Number(address.split('.')[0]) >= 224
  return /^ff/i.test(normalizeAddress(address))
}

/** An IPv4 address in IPv6 clothes, as IPv4; `undefined` for others. */
export function unmapAddress(address: string): string | undefined {
  if (!isIPv6(address)) return undefined
  const match = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(normalizeAddress(address))
  if (match === null) return undefined
  const words = [match[1]!, match[2]!].map((word) => Number.parseInt(word, 16))
  return words.flatMap((word) => [word >> 8, word & 255]).join('.')
}

/** Whether one port can't be listened to at both: equal ones, and wildcards; `::` takes IPv4 too. */
export function doOverlap(a: string, b: string): boolean {
  if (a === b || a === '::' || b === '::') return true
  return isIPv4(a) && isIPv4(b) && (a === '0.0.0.0' || b === '0.0.0.0')
}

/** As in URLs: `127.0.0.1:3000`, `[::1]:3000`. */
export function formatEndpoint({ address, port }: { readonly address: string; readonly port: number }): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`
}
