import { EisenmpError } from './errors.ts'
import { findClosestName } from './internal/closest-name.ts'

/** One row of an option table. */
export interface OptionRule {
  /** What is accepted, for the message: "a positive integer". */
  readonly expected: string
  readonly accepts: (value: unknown) => boolean
}

export type OptionTable = Readonly<Record<string, OptionRule>>

/** Shows a value in a message, short and without running code of its own. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (typeof value === 'function') return `function ${value.name || '(anonymous)'}`
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  return value instanceof Error ? value.name : 'an object'
}

function refuse(what: string, given: string, repair: string): EisenmpError {
  return new EisenmpError('ERR_EISENMP_OPTION', `Cannot use ${what}: ${given}; ${repair}`)
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/**
 * Checks every option before any work starts, and gives a copy without a prototype, so that nothing put into
 * `Object.prototype` is ever taken for an option.
 *
 * @param where - The call, for messages: `createPool()`.
 * @throws EisenmpError `ERR_EISENMP_OPTION`, naming what was expected and given, and the right name of a misspelt option.
 */
export function checkOptions(where: string, given: unknown, table: OptionTable): Record<string, unknown> {
  if (!isPlainObject(given))
    throw refuse(`the options of ${where}`, `${showValue(given)} was given`, 'give a plain object')
  const options = Object.create(null) as Record<string, unknown>
  for (const [name, value] of Object.entries(given)) {
    const rule = Object.hasOwn(table, name) ? table[name] : undefined
    if (rule === undefined)
      throw refuse(`option '${name}' of ${where}`, 'there is no such option', suggest(name, table))
    // An option that is undefined counts as left out, as spread objects often hold such.
    if (value === undefined) continue
    if (!rule.accepts(value)) {
      throw refuse(`option '${name}' of ${where}`, `it is ${showValue(value)}`, `it must be ${rule.expected}`)
    }
    options[name] = value
  }
  return options
}

function suggest(name: string, table: OptionTable): string {
  const known = Object.keys(table)
  const closest = findClosestName(name, known)
  return closest === undefined ? `known are ${known.join(', ')}` : `did you mean '${closest}'?`
}

/** A whole number from `min` to `max`. */
export function integer(min: number, max: number = Number.MAX_SAFE_INTEGER): OptionRule {
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `from ${min} to ${max}`
  const accepts = (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
  return { expected: `a whole number ${range}`, accepts }
}

/** Longest delay that timers know. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1

/** A time in ms. */
export function milliseconds(min: number): OptionRule {
  const accepts = (value: unknown): boolean => typeof value === 'number' && value >= min && value <= MAX_TIMER_MS
  return { expected: `a time in ms from ${min} to ${MAX_TIMER_MS}`, accepts }
}

/** A positive number. */
export function positive(expected: string, min = 0): OptionRule {
  return {
    expected,
    accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value > 0 && value >= min,
  }
}

export function oneOf(...values: readonly unknown[]): OptionRule {
  return { expected: values.map(showValue).join(' or '), accepts: (value) => values.includes(value) }
}

export const anyValue: OptionRule = { expected: 'anything', accepts: () => true }
export const flag: OptionRule = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' }

export const strings: OptionRule = {
  expected: 'an array of strings',
  accepts: (value) => Array.isArray(value) && value.every((member) => typeof member === 'string'),
}

export const abortSignal: OptionRule = {
  expected: 'an AbortSignal',
  accepts: (value) => typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value,
}

export const objectRule: OptionRule = { expected: 'an object', accepts: isPlainObject }
