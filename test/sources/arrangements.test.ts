import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { countArrangements, stepOn, toMultiset, unrank } from '../../src/sources/arrangements.ts'

const multisets = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 })

describe('arrangements', () => {
  it('are stepped through in the order that unranking tells, to the last one', () => {
    fc.assert(
      fc.property(multisets, (counts) => {
        const total = countArrangements(counts)
        fc.pre(total < 2000n)
        const ranks = unrank(counts, 0n)
        for (let index = 1n; index < total; index++) {
          const before = [...ranks]
          const changed = stepOn(ranks)
          assert.deepEqual(ranks, unrank(counts, index))
          assert.equal(
            changed,
            before.findIndex((rank, i) => rank !== ranks[i]),
          )
        }
        assert.equal(stepOn(ranks), -1)
      }),
    )
  })

  it('are counted exactly beyond 2^53', () => {
    assert.equal(countArrangements(Array.from({ length: 25 }, () => 1)), 15_511_210_043_330_985_984_000_000n)
    assert.equal(countArrangements([2, 3]), 10n)
    assert.equal(countArrangements([]), 1n)
  })

  it('are of code points', () => {
    assert.deepEqual(toMultiset('b😀a😀'), { symbols: ['a', 'b', '😀'], counts: [1, 1, 2] })
  })
})
