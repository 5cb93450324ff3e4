import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { InstanceRecord } from '../../../src/server/fleet/instance-record.ts'

describe('InstanceRecord', () => {
  it('begins nowhere, with nothing', () => {
    const record = new InstanceRecord(3, 'one', { url: 'x' })
    const { id, name, input, worker, state, life, sent, waiting, isHeld } = record
    assert.deepEqual([id, name, input], [3, 'one', { url: 'x' }])
    assert.deepEqual([worker, state, life, sent, waiting, isHeld], [undefined, 'starting', undefined, 0, [], false])
  })
})
