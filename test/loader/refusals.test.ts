import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EisenmpError } from '../../src/errors.ts'
import { FetchRefusal, refuseModule } from '../../src/loader/refusals.ts'

describe('refuseModule()', () => {
  it('says what, why and how to mend it, with the cause if there is one', () => {
    const error = refuseModule('x.js', 'it is gone', 'bring it back')
    assert.ok(EisenmpError.is(error, 'ERR_EISENMP_MODULE'))
    assert.equal(error.message, 'Cannot load worker module x.js: it is gone; bring it back')
    assert.ok(!('cause' in error))
    const cause = new Error('first')
    assert.equal(refuseModule('x.js', 'a', 'b', cause).cause, cause)
  })
})

describe('FetchRefusal', () => {
  it('keeps problem, repair and cause', () => {
    const cause = new Error('first')
    const { message, repair, cause: kept } = new FetchRefusal('it is slow', 'wait', cause)
    assert.deepEqual([message, repair, kept], ['it is slow', 'wait', cause])
  })
})
