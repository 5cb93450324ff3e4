import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isDate, packColumn } from '../../src/codec/pack-column.ts'

it('primitive values become blocks of memory', () => {
  assert.deepEqual(packColumn([1, -2]), { kind: 'integers', data: Int32Array.of(1, -2) })
  assert.deepEqual(packColumn([1, -0, 0.5]), { kind: 'doubles', data: Float64Array.of(1, -0, 0.5) })
  assert.deepEqual(packColumn([true, false]), { kind: 'booleans', data: Uint8Array.of(1, 0) })
  assert.deepEqual(packColumn(['a', '', 'bc']), { kind: 'strings', lengths: Uint8Array.of(1, 0, 2), text: 'abc' })
})

it('dates become their times', () => {
  assert.deepEqual(packColumn([new Date(5), new Date(-1)]), { kind: 'dates', data: Float64Array.of(5, -1) })
  assert.ok(isDate(new Date(Number.NaN)))
  for (const other of [class extends Date {}].map((Own) => new Own()).concat(null as never, 5 as never))
    assert.equal(isDate(other), false)
})

it('blanks travel as a map, the others as if there were none', () => {
  assert.deepEqual(packColumn([null, 7, undefined, 8]), {
    kind: 'sparse',
    blanks: Uint8Array.of(2, 0, 1, 0),
    dense: { kind: 'integers', data: Int32Array.of(7, 8) },
  })
})

it('what is of several kinds, or of none, stays as it is', () => {
  for (const values of [[1, 'a'], ['a', 1], [true, 1], [1n, 2n], [1n, null], [undefined, null], ['x'.repeat(13)]])
    assert.equal(packColumn(values), values)
})
