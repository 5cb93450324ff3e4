import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { claimCores, countRest, watchRest } from '../../src/supervisor/core-budget.ts'

describe('the budget of cores', () => {
  it('leaves what nobody has taken, and at least one', () => {
    const giveBack = claimCores(3)
    assert.equal(countRest(8), 5)
    assert.equal(countRest(2), 1)
    giveBack()
    assert.equal(countRest(8), 8)
  })

  it('counts a core that two have named once', () => {
    const first = claimCores([0, 1])
    const second = claimCores([1, 2])
    assert.equal(countRest(8), 5)
    first()
    assert.equal(countRest(8), 6)
    second()
  })

  it('tells of every change, once', () => {
    const seen: number[] = []
    const stop = watchRest(() => seen.push(countRest(4)))
    const giveBack = claimCores(1)
    giveBack()
    giveBack()
    stop()
    claimCores(1)()
    assert.deepEqual(seen, [3, 4])
  })
})
