import assert from 'node:assert/strict'
import { it } from 'node:test'
import { MARK_BYTES, MARK_LENGTH, readMark } from '../../src/protocol/mark.ts'

it('readMark() reads unit, offset and start time', () => {
  assert.deepEqual(readMark(Float64Array.of(7, -1, 12.5)), { unit: 7, offset: -1, startedAtMs: 12.5 })
  assert.equal(new Float64Array(MARK_LENGTH).byteLength, MARK_BYTES)
})
