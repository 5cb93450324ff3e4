import assert from 'node:assert/strict'
import { it } from 'node:test'
import { findViewClass } from '../../src/codec/view-classes.ts'

it('only what is exactly a typed array has a class', () => {
  class Bytes extends Uint8Array {}
  assert.equal(findViewClass(new Float32Array(1)), Float32Array)
  assert.equal(findViewClass(new BigUint64Array(1)), BigUint64Array)
  const others = [Buffer.alloc(1), new Bytes(1), new DataView(new ArrayBuffer(1)), new ArrayBuffer(1), [1], 1, null]
  for (const other of others) assert.equal(findViewClass(other), undefined)
  assert.equal(findViewClass(Object.create(Uint8Array.prototype)), undefined)
})
