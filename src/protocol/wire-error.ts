import { isProxy, nameKind } from '../codec/exotic-values.ts'
import { snapshot } from '../codec/snapshot.ts'

/** What a task threw, in a form that every channel carries whole. */
export type WireError =
  | { readonly kind: 'error'; readonly parts: ErrorParts }
  | { readonly kind: 'value'; readonly value: unknown }

export interface ErrorParts {
  /** Nearest built-in class, such as `TypeError`. */
  readonly base: string
  /** The class it was made of. */
  readonly className: string
  readonly name: string
  readonly message: string
  readonly stack: string
  readonly fields: readonly (readonly [string, WireError])[]
  readonly cause?: WireError
  readonly errors?: readonly WireError[]
}

/** A text longer than this says nothing more. With the line that {@link decodeError} adds, a stack is below 64 KB. */
const MAX_TEXT = 64 * 1024 - 256
/** Causes of causes: each is two levels of nesting, and a receiver can read some 1500. */
const MAX_CAUSES = 32
/** Members of one aggregate. */
const MAX_MEMBERS = 1000
/** Of all that hangs together. */
const MAX_ERRORS = 2000

interface Budget {
  readonly portable: boolean
  /** The error at hand and those it is a cause, member or field of. */
  readonly path: Set<object>
  errors: number
}

function readText(read: () => unknown, fallback: string): string {
  try {
    const value = read()
    return typeof value === 'string' ? value.slice(0, MAX_TEXT) : fallback
  } catch {
    return fallback
  }
}

/** A copy of what can cross, else its description: a handler must never be what breaks the report. */
function copyOrDescribe(value: unknown, portable: boolean): unknown {
  try {
    return snapshot(value, { root: 'value', portable, maxBytes: 1024 * 1024 }).value
  } catch {
    return `[${describe(value)}]`
  }
}

function describe(value: unknown): string {
  try {
    return typeof value === 'symbol' ? String(value) : nameKind(value)
  } catch {
    return 'an object that cannot be read'
  }
}

function readMember(owner: object, key: string): { readonly value: unknown } {
  try {
    return { value: (owner as Record<string, unknown>)[key] }
  } catch (thrown) {
    return { value: `[reading it threw ${describe(thrown)}]` }
  }
}

/** Errors of another realm are errors as well. */
function isError(thrown: unknown): thrown is Error {
  if (typeof thrown !== 'object' || thrown === null || isProxy(thrown)) return false
  return thrown instanceof Error || Object.prototype.toString.call(thrown) === '[object Error]'
}

/** Of this realm, or of another one. */
function isBuiltIn(name: string, maker: object): boolean {
  if (!builtIns.has(name)) return false
  return builtIns.get(name) === maker || Function.prototype.toString.call(maker).includes('[native code]')
}

function findClasses(error: Error): { base: string; className: string } {
  let className: string | undefined
  for (let link: unknown = error; typeof link === 'object' && link !== null; link = Object.getPrototypeOf(link)) {
    const maker: unknown = Object.getOwnPropertyDescriptor(link, 'constructor')?.value
    if (typeof maker !== 'function') continue
    const name = readText(() => maker.name, '')
    className ??= name
    if (isBuiltIn(name, maker)) return { base: name, className }
  }
  return { base: 'Error', className: className ?? 'Error' }
}

function readFields(error: Error, budget: Budget, depth: number): [string, WireError][] {
  return Object.keys(error)
    .filter((key) => !isStandard(error, key))
    .map((key) => [key, encode(readMember(error, key).value, budget, depth + 1)])
}

const standardKeys: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause'])

/** Read apart from the other fields. Validation libraries have `errors` that are no list. */
function isStandard(error: Error, key: string): boolean {
  return standardKeys.has(key) || (key === 'errors' && Array.isArray(readMember(error, key).value))
}

function readLinks(error: Error, budget: Budget, depth: number): { cause?: WireError; errors?: WireError[] } {
  const links: { cause?: WireError; errors?: WireError[] } = {}
  if (Object.hasOwn(error, 'cause')) links.cause = encode(readMember(error, 'cause').value, budget, depth + 1)
  const errors = Object.hasOwn(error, 'errors') ? readMember(error, 'errors').value : undefined
  if (Array.isArray(errors)) {
    links.errors = errors.slice(0, MAX_MEMBERS).map((member) => encode(member, budget, depth + 1))
  }
  return links
}

function encode(thrown: unknown, budget: Budget, depth = 0): WireError {
  if (!isError(thrown)) return { kind: 'value', value: copyOrDescribe(thrown, budget.portable) }
  if (budget.path.has(thrown)) return { kind: 'value', value: '[circular]' }
  if (depth > MAX_CAUSES) return { kind: 'value', value: '[more causes]' }
  if (budget.errors >= MAX_ERRORS) return { kind: 'value', value: '[too many errors]' }
  budget.errors += 1
  budget.path.add(thrown)
  const parts = {
    ...findClasses(thrown),
    name: readText(() => thrown.name, 'Error'),
    message: readText(() => thrown.message, ''),
    stack: readText(() => thrown.stack, ''),
    fields: readFields(thrown, budget, depth),
    ...readLinks(thrown, budget, depth),
  }
  budget.path.delete(thrown)
  return { kind: 'error', parts }
}

/** Encodes anything that can be thrown. Never throws, whatever getters or proxies do. */
export function encodeError(thrown: unknown, portable: boolean): WireError {
  try {
    return encode(thrown, { portable, path: new Set(), errors: 0 })
  } catch {
    return { kind: 'value', value: `[${describe(thrown)}]` }
  }
}

type ErrorClass = new (message?: string) => Error

const builtIns: ReadonlyMap<string, unknown> = new Map(
  ['Error', 'TypeError', 'RangeError', 'SyntaxError', 'ReferenceError', 'EvalError', 'URIError', 'AggregateError']
    .concat('DOMException')
    .map((name) => [name, (globalThis as Record<string, unknown>)[name]] as const),
)
const revivedClasses = new Map<string, ErrorClass>()

/** One class for each name, so that `constructor.name` is kept and `instanceof` of the built-in base holds. */
function findRevivedClass(base: string, className: string): ErrorClass {
  const parent = (builtIns.get(base) ?? Error) as ErrorClass
  if (className === base) return parent
  const key = `${base}:${className}`
  let revived = revivedClasses.get(key)
  if (revived === undefined) {
    revived = { [className]: class extends parent {} }[className]!
    // A worker may throw ever new names; the parent's memory must not follow.
    if (revivedClasses.size < 1000) revivedClasses.set(key, revived)
  }
  return revived
}

function define(target: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true })
}

/** Makes again what was thrown; `where` names the worker in the stack. */
export function decodeError(wire: WireError, where: string): unknown {
  if (wire.kind === 'value') return wire.value
  const { base, className, name, message, stack, fields, cause, errors } = wire.parts
  // Made without its constructor, which could want other arguments (AggregateError) or do work.
  const made: Error =
    base === 'DOMException' ? new DOMException(message, name) : new (findRevivedClass('Error', 'Error'))(message)
  if (base !== 'DOMException') Object.setPrototypeOf(made, findRevivedClass(base, className).prototype as object)
  if (made.name !== name) define(made, 'name', name, false)
  define(made, 'stack', stack === '' ? stack : `${stack}\n    at [${where}]`, false)
  for (const [key, value] of fields) define(made, key, decodeError(value, where), true)
  if (cause !== undefined) define(made, 'cause', decodeError(cause, where), false)
  if (errors !== undefined)
    define(
      made,
      'errors',
      errors.map((member) => decodeError(member, where)),
      false,
    )
  return made
}
