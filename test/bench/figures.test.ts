import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { divide, findMetg, quantile, summarize } from '../../bench/speed/figures.ts'
import { describeMetg } from '../../bench/speed/grain/metg.ts'

describe('the figures of the benchmarks', () => {
  it('are the median with its spread', () => {
    assert.deepEqual(summarize([5, 1, 3]), { median: 3, min: 1, max: 5 })
    assert.deepEqual(summarize([4, 1, 3, 2]), { median: 2.5, min: 1, max: 4 })
    assert.throws(() => summarize([]), /no sample/)
  })

  it('have quantiles that are samples', () => {
    const samples = Array.from({ length: 100 }, (_, i) => 99 - i)
    assert.equal(quantile(samples, 0.5), 50)
    assert.equal(quantile(samples, 0.99), 99)
    assert.equal(quantile([7], 0.99), 7)
  })

  it('compare round by round', () => {
    assert.deepEqual(divide([2, 9], [1, 3]), [2, 3])
    assert.throws(() => divide([1, 2], [1]), /same rounds/)
  })

  it('find the granularity between the points around it', () => {
    const points = [
      { costUs: 100, efficiency: 0.9 },
      { costUs: 1, efficiency: 0.1 },
      { costUs: 10, efficiency: 0.5 },
    ]
    assert.equal(findMetg(points), 10)
    const between = findMetg([
      { costUs: 1, efficiency: 0.4 },
      { costUs: 100, efficiency: 0.6 },
    ])
    assert.ok(Math.abs(between! - 10) < 1e-9)
  })

  it('do not name a granularity that was not seen', () => {
    assert.equal(findMetg([{ costUs: 1, efficiency: 0.2 }]), undefined)
    assert.equal(findMetg([{ costUs: 1, efficiency: 0.7 }]), 1)
    const dip = [0.6, 0.4, 0.8].map((efficiency, i) => ({ costUs: 10 ** i, efficiency }))
    assert.ok(findMetg(dip)! > 10, 'a lucky point below a dip does not count')
  })
})

describe('the granularity of a contender', () => {
  const costs = [1, 10, 100]
  const toCells = (rounds: readonly (readonly number[])[]) =>
    costs.map((cost, at) => ({ plainUs: rounds.map(() => cost), efficiency: rounds.map((round) => round[at]!) }))

  it('is that of the medians, with the spread of the rounds', () => {
    const cells = toCells([
      [0.1, 0.5, 0.9],
      [0.1, 0.5, 0.9],
      [0.5, 0.6, 0.9],
    ])
    assert.equal(describeMetg(cells), '10 µs (1–10)')
  })

  it('is a bound where it lies outside of what was measured', () => {
    assert.equal(describeMetg(toCells([[0.6, 0.7, 0.8]])), '≤ 1 µs')
    assert.equal(describeMetg(toCells([[0.1, 0.2, 0.3]])), '> 100 µs')
  })

  it('says so when a single round did not reach it', () => {
    const cells = toCells([
      [0.1, 0.5, 0.9],
      [0.1, 0.5, 0.9],
      [0.1, 0.2, 0.3],
    ])
    assert.equal(describeMetg(cells), '10 µs (10–>100)')
  })
})
