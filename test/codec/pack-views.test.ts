import assert from 'node:assert/strict'
import { it } from 'node:test'
import { packViews } from '../../src/codec/pack-views.ts'

it('views of one class become one block of that class', () => {
  const views = [Float32Array.of(1, -0), new Float32Array(0), Float32Array.of(Number.NaN)]
  assert.deepEqual(packViews(views), {
    kind: 'views',
    lengths: Uint32Array.of(2, 0, 1),
    data: Float32Array.of(1, -0, Number.NaN),
  })
})

it('what is no view, or not all there is to its buffer, is not packed', () => {
  const growing = new Uint8Array(new ArrayBuffer(1, { maxByteLength: 2 }))
  const others = [
    growing,
    new Uint8Array(new SharedArrayBuffer(1)),
    new Uint8Array(2).subarray(1),
    new Uint8Array(2).subarray(0, 1),
    Int8Array.of(1),
    Buffer.from([1]),
    [1],
    null,
    'a',
  ]
  for (const other of others) {
    assert.equal(packViews([Uint8Array.of(1), other]), undefined)
    if (other !== others[4]) assert.equal(packViews([other, other]), undefined)
  }
})

it('large ones are left alone', () => {
  assert.notEqual(packViews([new Uint8Array(1024), new Uint8Array(0)]), undefined)
  assert.equal(packViews([new Uint8Array(1024), new Uint8Array(1)]), undefined)
})
