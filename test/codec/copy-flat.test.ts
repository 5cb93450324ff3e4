import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { copyFlat, countPlainBytes } from '../../src/codec/copy-flat.ts'
import { snapshot } from '../../src/codec/snapshot.ts'
import { assertSameGraph } from '../support/same-graph.ts'

const member = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean(), fc.constantFrom(null, undefined, -0))
const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', '0', '10', 'constructor', 'then'))

describe('copyFlat()', () => {
  it('copies plain objects of primitives as structured clone does', () => {
    fc.assert(
      fc.property(fc.dictionary(key, member, { noNullPrototype: true }), (given) => {
        const copy = copyFlat(given)
        assertSameGraph(copy?.value, structuredClone(given))
        assert.notEqual(copy!.value, given)
        assert.equal(copy!.bytes, snapshot(given, { root: 'item', portable: true, maxBytes: 1e9 }).bytes)
      }),
    )
  })

  it('leaves all else to those who look closer', () => {
    class Point {
      readonly x = 1
    }
    const thrower = Object.defineProperty({}, 'x', { enumerable: true, get: () => assert.fail('a getter') })
    const others = [
      1,
      null,
      [],
      [1],
      new Point(),
      new Map(),
      new Date(0),
      Object.create(null),
      new Proxy({}, {}),
      (function list(this: void) {
        return arguments
      })(),
      { inner: {} },
      { list: [] },
      { call: () => {} },
      { symbol: Symbol('a') },
      { big: 1n },
      { text: 'x'.repeat(2000) },
      thrower,
    ]
    for (const [at, value] of others.entries()) assert.equal(copyFlat(value), undefined, `number ${at}`)
  })

  it('counts what needs no copy', () => {
    assert.deepEqual(
      [1, 'abc', true, null, undefined].map((value) => countPlainBytes(value)),
      [8, 11, 8, 8, 8],
    )
    for (const value of [{}, [], 1n, Symbol('a'), () => {}, 'x'.repeat(1025)]) assert.equal(countPlainBytes(value), 0)
  })
})
