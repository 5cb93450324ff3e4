import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EisenmpError } from '../../src/errors.ts'
import { checkCores, planPlacement } from '../../src/supervisor/placement.ts'

describe('planPlacement()', () => {
  it('has nothing to do when nothing is asked for', () => assert.equal(planPlacement({}), undefined))

  it('refuses cores that the program may not use, naming those it may', () => {
    assert.throws(
      () => checkCores([0, 7], [0, 1, 2, 5]),
      (error) =>
        EisenmpError.is(error, 'ERR_EISENMP_OPTION') &&
        error.message ===
          "Cannot use option 'cores' of createPool(): this program may not use core 7; it may use 0-2,5",
    )
    checkCores([5, 0], [0, 1, 2, 5])
    assert.throws(() => planPlacement({ cores: [9999] }), /this program may not use core 9999; it may use \d/)
  })

  it('tells of both, each for itself', async () => {
    const inline = { backend: 'inline', pid: process.pid, systemThreadId: 0 } as const
    const { pinning, priority } = await planPlacement({ cores: 'each' })!(0, inline)
    assert.match(pinning!, /^not supported: inline/)
    assert.equal(priority, undefined)
    assert.match((await planPlacement({ nice: 3 })!(0, inline)).priority!, /^not supported: inline/)
  })
})
