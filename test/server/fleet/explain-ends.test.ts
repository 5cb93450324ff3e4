import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeError } from '../../../src/protocol/wire-error.ts'
import {
  explainClosed,
  explainDeath,
  explainEndedCall,
  explainRefused,
  explainStopped,
} from '../../../src/server/fleet/explain-ends.ts'
import { InstanceRecord } from '../../../src/server/fleet/instance-record.ts'
import { LifeRecord } from '../../../src/server/life.ts'

function open(): InstanceRecord {
  const record = new InstanceRecord(1, 'one', undefined)
  record.life = new LifeRecord(2, 3, 0)
  return record
}

describe('the errors of ends', () => {
  it('name call, instance and reason', () => {
    assert.equal(
      explainEndedCall("'x' of instance 'one'", 'it was moved').message,
      "Cannot call 'x' of instance 'one': it was moved",
    )
    assert.equal(explainClosed(open()).code, 'ERR_EISENMP_CLOSED')
  })

  it('carry what the worker had told of its end', () => {
    const { life } = open()
    assert.equal('cause' in explainDeath(life!, 'it was ended by SIGKILL')('x'), false)
    const value = new Error('stray')
    life!.error = { value }
    const error = explainDeath(life!, 'its process exited with code 1')("the outcome of 'x'")
    assert.equal(error.message, "Cannot tell the outcome of 'x': its worker died: its process exited with code 1")
    assert.deepEqual([error.code, error.worker, error.cause], ['ERR_EISENMP_CRASH', '2.3', value])
  })

  it('carry what was thrown', () => {
    const wire = encodeError(new RangeError('bad'), true)
    const refused = explainRefused(open(), wire)
    assert.equal(refused.message, "Cannot create instance 'one': bad")
    assert.ok(refused.cause instanceof RangeError)
    const stopped = explainStopped(open(), { error: wire }, 5)
    assert.equal(stopped?.code, 'ERR_EISENMP_TASK')
    assert.ok(stopped.cause instanceof RangeError)
    assert.equal(explainStopped(open(), {}, 5), undefined)
    assert.equal(explainStopped(open(), { isLate: true }, 5)?.code, 'ERR_EISENMP_TIMEOUT')
  })
})
