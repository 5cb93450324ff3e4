import assert from 'node:assert/strict'
import { it } from 'node:test'
import { VITALS_BYTES, VITALS_LENGTH, readVitals, writeVitals } from '../../src/protocol/vitals.ts'

it('readVitals() reads what writeVitals() has written', () => {
  const block = new Float64Array(VITALS_LENGTH)
  assert.equal(block.byteLength, VITALS_BYTES)
  const vitals = { systemThreadId: 4711, answered: 3, answeredAtMs: 12.5, idleMs: 7, activeMs: 8 }
  writeVitals(block, vitals)
  assert.deepEqual(readVitals(block), vitals)
})
