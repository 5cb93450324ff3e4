import { createHash } from 'node:crypto'

/** What the bytes of a module must hash to, in the form of Subresource Integrity: `sha384-…`. */
export type Pin = string

/** One hash and nothing else: options, lists and weak algorithms of the full grammar are refused. */
const PIN = /^(?:sha256-[A-Za-z\d+/]{43}=|sha384-[A-Za-z\d+/]{64}|sha512-[A-Za-z\d+/]{86}==)$/

export function isPin(value: unknown): value is Pin {
  return typeof value === 'string' && PIN.test(value)
}

/** The hash of the bytes by the pin's algorithm; equal to the pin when they are what it was made of. */
export function hashLike(pin: Pin, bytes: Uint8Array): Pin {
  const algorithm = pin.slice(0, pin.indexOf('-'))
  return `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`
}
