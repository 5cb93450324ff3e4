import { isProxy } from './exotic-values.ts'

/** A copy and its estimated size on the wire. */
export interface FlatCopy {
  readonly value: Record<string, unknown>
  readonly bytes: number
}

const OBJECT_BYTES = 16
const PRIMITIVE_BYTES = 8
/** Longer strings may be beyond a limit. */
const SHORT_STRING = 1024

/** Estimated size of a value that travels as it is; 0 when it has to be looked at. */
export function countPlainBytes(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null) {
    return PRIMITIVE_BYTES
  }
  return typeof value === 'string' && value.length <= SHORT_STRING ? value.length + PRIMITIVE_BYTES : 0
}

/**
 * Copies a plain object whose members are primitives, three times as fast as member by member: V8 clones its shape.
 * `undefined` for any other value, and for whatever might be more than it seems.
 */
export function copyFlat(given: unknown): FlatCopy | undefined {
  if (typeof given !== 'object' || given === null || isProxy(given)) return undefined
  // An `arguments` object is told from a plain one by what it iterates with.
  if (Object.getPrototypeOf(given) !== Object.prototype || Symbol.iterator in given) return undefined
  let value: Record<string, unknown>
  try {
    value = { ...given }
  } catch {
    // A getter threw: the slow way tells which.
    return undefined
  }
  let bytes = OBJECT_BYTES
  for (const key in value) {
    const size = countPlainBytes(value[key])
    if (size === 0) return undefined
    bytes += size + key.length
  }
  return { value, bytes }
}
