import assert from 'node:assert/strict'
import { types } from 'node:util'

const { isBoxedPrimitive } = types

type Pairs = Map<object, object>

function check(isSame: boolean, path: string, what: string): void {
  if (!isSame) assert.fail(`${path}: ${what} differs`)
}

function listOwn(value: object): PropertyKey[] {
  // V8 sets them itself on every error; they are compared as text.
  return Reflect.ownKeys(value).filter((key) => !(value instanceof Error && key === 'stack'))
}

function compareProperties(actual: object, expected: object, path: string, pairs: Pairs): void {
  const keys = listOwn(expected)
  assert.deepEqual(listOwn(actual), keys, `${path}: other keys, or another order`)
  for (const key of keys) {
    const mine = Object.getOwnPropertyDescriptor(actual, key)!
    const theirs = Object.getOwnPropertyDescriptor(expected, key)!
    const place = `${path}.${String(key)}`
    check(mine.enumerable === theirs.enumerable && mine.writable === theirs.writable, place, 'the descriptor')
    compare(mine.value, theirs.value, place, pairs)
  }
}

function compareMembers(actual: Iterable<unknown>, expected: Iterable<unknown>, path: string, pairs: Pairs): void {
  const mine = [...actual]
  const theirs = [...expected]
  check(mine.length === theirs.length, path, 'the size')
  for (const [index, member] of theirs.entries()) compare(mine[index], member, `${path}{${index}}`, pairs)
}

function toBytes(view: ArrayBufferView | ArrayBuffer): Uint8Array {
  if (view instanceof ArrayBuffer) return new Uint8Array(view)
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}

function compareInside(actual: object, expected: object, path: string, pairs: Pairs): void {
  if (expected instanceof Map) compareMembers((actual as typeof expected).entries(), expected.entries(), path, pairs)
  else if (expected instanceof Set) compareMembers((actual as typeof expected).values(), expected.values(), path, pairs)
  else if (expected instanceof Date) check(Object.is((actual as Date).getTime(), expected.getTime()), path, 'the time')
  else if (expected instanceof RegExp) check(`${actual as RegExp}` === `${expected}`, path, 'the expression')
  else if (expected instanceof Error) check((actual as Error).stack === expected.stack, path, 'the stack')
  else if (isBoxedPrimitive(expected)) check(Object.is(actual.valueOf(), expected.valueOf()), path, 'the boxed value')
  else if (ArrayBuffer.isView(expected) || expected instanceof ArrayBuffer)
    assert.deepEqual(toBytes(actual as typeof expected), toBytes(expected), `${path}: other bytes`)
}

function compare(actual: unknown, expected: unknown, path: string, pairs: Pairs): void {
  if (typeof expected !== 'object' || expected === null) return check(Object.is(actual, expected), path, 'the value')
  if (typeof actual !== 'object' || actual === null) return check(false, path, 'the type')
  // A pair of members of a Map is no part of the value.
  const known = pairs.get(expected)
  if (known !== undefined) return check(known === actual, path, 'what it shares with another part')
  pairs.set(expected, actual)
  check(Object.getPrototypeOf(actual) === Object.getPrototypeOf(expected), path, 'the prototype')
  compareInside(actual, expected, path, pairs)
  if (!ArrayBuffer.isView(expected)) compareProperties(actual, expected, path, pairs)
}

/**
 * Like `deepStrictEqual`, and also: the same parts are shared, in the same order, with the same holes, down to the bytes.
 * What a view's buffer holds beside the view is not compared.
 */
export function assertSameGraph(actual: unknown, expected: unknown): void {
  compare(actual, expected, 'value', new Map())
}
