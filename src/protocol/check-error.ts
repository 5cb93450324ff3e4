import type { ErrorParts, WireError } from './wire-error.ts'

/** Far more than a worker of ours sends, far less than would overflow the stack or fill the memory. */
const MAX_DEPTH = 200
const MAX_ERRORS = 10_000
const MAX_FIELDS = 1_000_000

interface Walk {
  depth: number
  errors: number
}

const texts = ['base', 'className', 'name', 'message', 'stack'] as const

function areParts(parts: Partial<ErrorParts>, walk: Walk): boolean {
  if (!texts.every((name) => typeof parts[name] === 'string')) return false
  const { fields, cause, errors } = parts
  if (!isList(fields, MAX_FIELDS) || !fields.every((field) => isField(field, walk))) return false
  if (cause !== undefined && !isWire(cause, walk)) return false
  return errors === undefined || (isList(errors, MAX_ERRORS) && errors.every((member) => isWire(member, walk)))
}

/** A few bytes can make an array of any length. */
function isList(value: unknown, limit: number): value is unknown[] {
  return Array.isArray(value) && value.length <= limit
}

function isField(field: unknown, walk: Walk): boolean {
  return isList(field, 2) && typeof field[0] === 'string' && isWire(field[1], walk)
}

function isWire(value: unknown, walk: Walk): boolean {
  if (typeof value !== 'object' || value === null || walk.depth > MAX_DEPTH) return false
  const { kind, parts } = value as { kind?: unknown; parts?: unknown }
  if (kind === 'value') return true
  if (kind !== 'error' || typeof parts !== 'object' || parts === null || ++walk.errors > MAX_ERRORS) return false
  walk.depth += 1
  const isGood = areParts(parts, walk)
  walk.depth -= 1
  return isGood
}

/** Checks an error that came from a worker: it may be anything, a circle or an avalanche of shared parts too. */
export function isWireError(value: unknown): value is WireError {
  return isWire(value, { depth: 0, errors: 0 })
}
