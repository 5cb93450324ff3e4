import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { describeThreadExit } from '../../src/backends/thread-exit.ts'

describe('describeThreadExit()', () => {
  it('tells code, error, or that it could not be ended', () => {
    assert.equal(describeThreadExit({ exitCode: 7, error: undefined }).reason, 'its thread exited with code 7')
    const value = new TypeError('no')
    const { reason, error } = describeThreadExit({ exitCode: 1, error: { value } })
    assert.deepEqual([reason, error], ['uncaught TypeError: no', value])
    const memory = Object.assign(new Error('full'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })
    assert.match(describeThreadExit({ exitCode: 1, error: { value: memory } }).reason, /^it ran out of memory/)
    assert.equal(describeThreadExit({ exitCode: undefined, error: undefined }).writtenOff, true)
  })
})
