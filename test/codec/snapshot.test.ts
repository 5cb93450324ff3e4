import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { snapshot } from '../../src/codec/snapshot.ts'
import { cloneableValue } from '../support/cloneable-values.ts'
import { assertSameGraph } from '../support/same-graph.ts'

function copy(value: unknown, portable = true): unknown {
  return snapshot(value, { root: 'item', portable }).value
}

describe('snapshot()', () => {
  it('makes what structuredClone makes, to the last hole and shared part', () => {
    fc.assert(
      fc.property(cloneableValue, fc.boolean(), (value, portable) => {
        assertSameGraph(copy(value, portable), structuredClone(value))
      }),
      { numRuns: 300 },
    )
  })

  it('gives a copy of its own: snapshots of a snapshot are the same again', () => {
    fc.assert(
      fc.property(cloneableValue, (value) => {
        const once = copy(value)
        assertSameGraph(copy(once), once)
      }),
      { numRuns: 50 },
    )
  })

  it('keeps what was there when it was taken', () => {
    const value = { list: [1], when: new Date(5), bytes: Uint8Array.of(1, 2), map: new Map([['a', { b: 1 }]]) }
    const taken = copy(value) as typeof value
    value.list.push(2)
    value.when.setTime(9)
    value.bytes[0] = 9
    value.map.get('a')!.b = 9
    value.map.clear()
    assert.deepEqual(taken, {
      list: [1],
      when: new Date(5),
      bytes: Uint8Array.of(1, 2),
      map: new Map([['a', { b: 1 }]]),
    })
  })

  it('takes names of an array that look like numbers for names', () => {
    const value = Object.assign([1, 2], {
      '': 'a',
      '01': 'b',
      '1e3': 'c',
      '-0': 'd',
      ' ': 'e',
      '0x1': 'f',
      '4294967295': 'g',
    })
    assertSameGraph(copy(value), structuredClone(value))
  })

  it('defines the key __proto__ instead of following it', () => {
    const value: unknown = JSON.parse('{"__proto__": {"isAdmin": true}, "a": [{"__proto__": 1}]}')
    const taken = copy(value) as object
    assert.equal(Object.getPrototypeOf(taken), Object.prototype)
    assert.ok(Object.hasOwn(taken, '__proto__'))
    assert.equal((taken as { isAdmin?: unknown }).isAdmin, undefined)
    assertSameGraph(taken, structuredClone(value))
  })

  it('brings along the bytes of a view and no others', () => {
    const pooled = Buffer.from('secret').subarray(2, 4)
    assert.ok(pooled.buffer.byteLength > pooled.byteLength)
    for (const portable of [true, false]) {
      const { view } = copy({ view: pooled }, portable) as { view: Uint8Array }
      assert.equal(view.constructor, Uint8Array)
      assert.deepEqual([...view], [...Buffer.from('cr')])
      assert.equal(view.buffer.byteLength, 2)
      const { cause } = copy(new Error('m', { cause: pooled }), portable) as { cause: Uint8Array }
      assert.equal(cause.buffer.byteLength, 2)
    }
  })

  it('parts two views of one buffer, which structuredClone leaves together', () => {
    const buffer = new ArrayBuffer(8)
    const [bytes, numbers] = copy([new Uint8Array(buffer), new Float64Array(buffer)]) as [Uint8Array, Float64Array]
    assert.notEqual(bytes.buffer, numbers.buffer)
    const same = new Uint8Array(buffer)
    const [first, second] = copy([same, same]) as [Uint8Array, Uint8Array]
    assert.equal(first, second)
  })

  it('leaves what it copies attached', () => {
    const { buffer } = Uint8Array.of(1, 2, 3)
    copy({ buffer, view: new Uint8Array(buffer) })
    assert.equal(buffer.byteLength, 3)
  })

  it('shares shared memory, with views of the same place, where that can be', () => {
    const shared = new SharedArrayBuffer(16)
    const value = { shared, view: Buffer.from(shared, 4, 8), numbers: new Float64Array(shared, 8, 1) }
    const taken = copy(value, false) as typeof value
    value.numbers[0] = 5
    assert.equal(taken.numbers[0], 5)
    assert.equal(taken.view.constructor, Uint8Array)
    assert.deepEqual([taken.view.byteOffset, taken.view.length, taken.numbers.byteOffset], [4, 8, 8])
    assert.equal(new Float64Array(taken.shared)[1], 5)
  })

  it('takes objects of another realm for what they are', () => {
    const value: unknown = runInNewContext(
      '({ list: [1, , 3], map: new Map([[1, new Date(3)]]), error: new RangeError("far") })',
    )
    const taken = copy(value) as { list: number[]; map: Map<number, Date>; error: Error }
    assert.equal(taken.list.constructor, Array)
    assert.ok(!(1 in taken.list))
    assert.deepEqual(taken.map, new Map([[1, new Date(3)]]))
    assert.equal(taken.error.constructor, RangeError)
  })

  it('keeps what structuredClone keeps of a class: its own enumerable fields', () => {
    class Account {
      readonly owner = 'a'
      readonly #pin = 1
      get pin(): number {
        return this.#pin
      }
    }
    assert.deepEqual(copy([new Account()]), [{ owner: 'a' }])
  })

  it('keeps a resizable buffer resizable', () => {
    const taken = copy(new ArrayBuffer(2, { maxByteLength: 8 })) as ArrayBuffer
    assert.deepEqual([taken.byteLength, taken.maxByteLength], [2, 8])
  })

  it('estimates the bytes on the wire', () => {
    const measure = (value: unknown): number => snapshot(value, { root: 'item', portable: true }).bytes
    assert.equal(measure(1), 8)
    assert.ok(measure('a'.repeat(1000)) >= 1000)
    assert.ok(measure(new Uint8Array(5000)) >= 5000)
    assert.ok(measure([new Date(), new ArrayBuffer(5000)]) >= 5000)
    assert.ok(measure(Array.from({ length: 1000 }, () => 1)) >= 8000)
    assert.ok(measure(new Error('x', { cause: 'a'.repeat(5000) })) >= 5000)
  })
})
