import assert from 'node:assert/strict'
import { it } from 'node:test'
import { unpack } from '../../src/codec/unpack.ts'

const words = { kind: 'strings', lengths: Uint8Array.of(2, 0, 1), text: 'abc' } as const

it('blocks of memory become values again', () => {
  assert.deepEqual(unpack({ kind: 'integers', data: Int32Array.of(1, 2) }), [1, 2])
  assert.deepEqual(unpack({ kind: 'doubles', data: Float64Array.of(-0, Number.NaN) }), [-0, Number.NaN])
  assert.deepEqual(unpack({ kind: 'booleans', data: Uint8Array.of(0, 1) }), [false, true])
  assert.deepEqual(unpack({ kind: 'dates', data: Float64Array.of(5) }), [new Date(5)])
  assert.deepEqual(unpack(words), ['ab', '', 'c'])
  assert.deepEqual(unpack({ kind: 'sparse', blanks: Uint8Array.of(0, 2, 0, 1, 0), dense: words }), [
    'ab',
    null,
    '',
    undefined,
    'c',
  ])
})

it('columns become objects again', () => {
  const packed = { kind: 'rows', length: 3, keys: ['name', 'any'], columns: [words, [1n, undefined, 'x']] } as const
  assert.deepEqual(unpack(packed), [
    { name: 'ab', any: 1n },
    { name: '', any: undefined },
    { name: 'c', any: 'x' },
  ])
})

it('values that were not packed are the same array', () => {
  const values = [1, 'a']
  assert.equal(unpack(values), values)
})
