import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cut, sumInWindow } from '../../bench/speed/contenders/contender.ts'
import { kinds } from '../../bench/speed/grain/kinds.ts'
import { format, formatSamples } from '../../bench/speed/question.ts'
import { churn, workFor } from '../../bench/speed/work.ts'

describe('what all contenders share', () => {
  it('cuts chunks by hand, the last as long as what is left', () => {
    assert.deepEqual([...cut([1, 2, 3, 4, 5], 2)], [[1, 2], [3, 4], [5]])
    assert.deepEqual([...cut([], 2)], [])
  })

  it('has at most so many calls open, and adds up all results', async () => {
    let open = 0
    let most = 0
    const sum = await sumInWindow([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, ++open)
      await Promise.resolve()
      open--
      return item
    })
    assert.equal(sum, 28)
    assert.equal(most, 3)
  })

  it('has work for every kind of item, the same each time, different from item to item', () => {
    for (const [name, { make }] of Object.entries(kinds)) {
      assert.equal(workFor(make(3), 10), workFor(make(3), 10), name)
      assert.notEqual(workFor(make(3), 10), workFor(make(6), 10), name)
    }
  })

  it('does arithmetic on 32 bits, as python_pools.py does', () => {
    let x = 5n
    for (let i = 0; i < 100; i++) {
      x ^= (x << 13n) & 0xffffffffn
      x ^= x >> 17n
      x ^= (x << 5n) & 0xffffffffn
    }
    assert.equal(churn(4, 100), Number(x & 0xffffn))
  })
})

describe('how figures are written', () => {
  it('has two digits, and more only before the point', () => {
    assert.deepEqual([0.04567, 1.234, 99, 1234.5, undefined].map(format), ['0.046', '1.2', '99', '1235', '–'])
  })

  it('has the spread where there is one', () => {
    assert.equal(formatSamples([2, 1, 3], ' ms'), '2 ms (1–3)')
    assert.equal(formatSamples([2, 2.001], ' ×'), '2 ×')
  })
})
