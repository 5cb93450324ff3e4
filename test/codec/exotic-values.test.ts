import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isArguments, isLeaf, isProxy, nameKind } from '../../src/codec/exotic-values.ts'

class Account {
  get secret(): never {
    return assert.fail('code of the value ran')
  }
}

describe('nameKind()', () => {
  const cases: readonly (readonly [value: unknown, name: string])[] = [
    [() => {}, 'a function'],
    [function named() {}, 'function named'],
    [Symbol('s'), 'a symbol'],
    [1n, 'a bigint'],
    [new Account(), 'an instance of Account'],
    [new Proxy(new Account(), { get: () => assert.fail('the proxy was asked') }), 'a Proxy'],
    [Object.create(null), 'an object'],
    [Object.create({ constructor: 5 }), 'an object'],
    [new Map(), 'an instance of Map'],
  ]
  for (const [value, name] of cases) it(`calls it ${name}`, () => assert.equal(nameKind(value), name))
})

describe('isProxy()', () => {
  it('sees a proxy without asking it', () => {
    assert.equal(isProxy(new Proxy({}, { getPrototypeOf: () => assert.fail('it was asked') })), true)
    assert.equal(isProxy({}), false)
  })
})

describe('isArguments()', () => {
  it('is not deceived by a tag', () => {
    assert.equal(isArguments({ [Symbol.toStringTag]: 'Arguments' }), false)
    assert.equal(isArguments({}), false)
  })
})

describe('isLeaf()', () => {
  it('is true for what every channel carries whole by itself', () => {
    for (const value of [new Date(), /a/, Object(1), Object('a'), Object(1n), new RangeError('m')])
      assert.ok(isLeaf(value))
    for (const value of [{}, [], new Map(), new Blob([]), new SharedArrayBuffer(1)]) assert.ok(!isLeaf(value))
  })
})
