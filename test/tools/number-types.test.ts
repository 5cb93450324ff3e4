import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { findType, getClass, viewNumbers } from '../../src/tools/number-types.ts'

describe('findType()', () => {
  it('names classes and arrays alike', () => {
    for (const type of [
      'int8',
      'uint8',
      'int16',
      'uint16',
      'int32',
      'uint32',
      'float32',
      'float64',
      'bigInt64',
      'bigUint64',
    ] as const) {
      const Class = getClass(type)
      assert.equal(findType(Class), type)
      assert.equal(findType(new Class(2)), type)
    }
    assert.equal(findType(Buffer.alloc(1)), 'uint8')
    assert.equal(findType(new Uint8ClampedArray(1)), 'uint8')
    assert.equal(findType(Uint8ClampedArray), 'uint8')
  })

  it('knows nothing else', () => {
    for (const other of [undefined, null, 5, [], {}, DataView, new DataView(new ArrayBuffer(1)), Array, () => {}]) {
      assert.equal(findType(other), undefined)
    }
  })
})

describe('viewNumbers()', () => {
  it('shows memory, and nothing of a file', () => {
    const memory = new Uint32Array([1, 2, 3, 4]).buffer
    assert.deepEqual(viewNumbers({ type: 'uint32', length: 2, memory, byteOffset: 4 }), Uint32Array.of(2, 3))
    assert.equal(viewNumbers({ type: 'uint32', length: 2, firstPage: 0 }), undefined)
  })
})
