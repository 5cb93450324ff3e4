import assert from 'node:assert/strict'
import { it } from 'node:test'
import { explainLost, explainStarved, explainThrown } from '../../src/pool/loop-failures.ts'
import { encodeError } from '../../src/protocol/wire-error.ts'

const entry = {
  queue: 0,
  place: 0,
  ticket: { queue: 'c.a', serial: 4 },
  payload: [],
  crashes: 3,
  errors: 0,
  hasReturned: true,
}
const death = { worker: '0.2', code: 1, signal: null, reason: 'its thread exited with code 1', stderr: '' }

it('errors of loops name loop, chunk and reason', () => {
  const thrown = explainThrown('mix', '0.1', encodeError(new RangeError('seven'), false), entry)
  assert.equal(thrown.message, "Cannot go on with loop 'mix' with chunk 4 of queue 'c.a': seven")
  assert.ok(thrown.cause instanceof RangeError && thrown.attempt === 3)
  const lost = explainLost('mix', entry, [death, death, death], 2)
  assert.match(
    lost.message,
    /^Cannot take chunk 4 of queue 'c\.a' in loop 'mix': its worker died 3 times, last since its thread/,
  )
  assert.deepEqual([lost.code, lost.deaths?.length], ['ERR_EISENMP_CRASH', 3])
  assert.equal(explainLost('mix', entry, [death], 0).code, 'ERR_EISENMP_OUTCOME_UNKNOWN')
  assert.match(explainStarved('mix', ['a', 'b']).message, /wait for 'a' and 'b', which nothing feeds; call pool\.feed/)
})
