import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { RestartPolicy } from '../../src/supervisor/restart-policy.ts'

describe('RestartPolicy', () => {
  it('admits max deaths within the time, and not one more', () => {
    const policy = new RestartPolicy({ max: 3, withinMs: 1000 })
    assert.deepEqual(
      [0, 100, 200, 300].map((now) => policy.admit(now)),
      [true, true, true, false],
    )
  })

  it('forgets deaths that are older', () => {
    const policy = new RestartPolicy({ max: 2, withinMs: 1000 })
    assert.deepEqual(
      [0, 500, 1000, 1499, 1500].map((now) => policy.admit(now)),
      [true, true, true, false, false],
    )
    assert.equal(policy.admit(4000), true)
  })

  it('admits none with max 0', () => assert.equal(new RestartPolicy({ max: 0, withinMs: 1 }).admit(0), false))

  it('starts again at once after a worker that was ready, and later and later after failed starts', () => {
    const policy = new RestartPolicy({ max: 1, withinMs: 1 })
    assert.equal(policy.delayMs(0, 0.5), 0)
    assert.deepEqual(
      [1, 2, 3, 7, 8, 100].map((failed) => policy.delayMs(failed, 1)),
      [50, 100, 200, 3200, 5000, 5000],
    )
    assert.equal(policy.delayMs(1, 0), 25)
  })

  it('spreads the starts, never beyond 5 s', () => {
    const policy = new RestartPolicy({ max: 1, withinMs: 1 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failed, random) => {
        const delay = policy.delayMs(failed, random)
        assert.ok(Number.isSafeInteger(delay) && delay >= 25 && delay <= 5000)
      }),
    )
  })
})
