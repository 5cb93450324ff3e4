import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { EisenmpError } from '../../src/errors.ts'
import { openRange, range } from '../../src/sources/range.ts'

describe('range()', () => {
  it('gives what a loop gives', () => {
    const numbers = fc.integer({ min: -1000, max: 1000 })
    fc.assert(
      fc.property(numbers, numbers, numbers, (start, end, step) => {
        fc.pre(step !== 0)
        const expected: number[] = []
        for (let i = 0; step > 0 ? start + i * step < end : start + i * step > end; i++) expected.push(start + i * step)
        const source = range(start, end, step)
        assert.deepEqual([...source], expected)
        assert.equal(source.length, expected.length)
        assert.deepEqual([...source.slice(3, 9)], expected.slice(3, 9))
      }),
    )
  })

  it('gathers no error in broken steps, and is longer than a block', () => {
    assert.equal([...range(0, 1, 0.1)][7], 7 * 0.1)
    assert.deepEqual(
      [...range(0, 5000).slice(1020, 1030)],
      Array.from({ length: 10 }, (_, i) => 1020 + i),
    )
    assert.equal([...range(0, 5000)].length, 5000)
  })

  it('is counted by the workers as long as adding is exact', () => {
    const open = (start: number, step: number): ReturnType<typeof openRange> =>
      openRange({ kind: 'range', start, step })
    assert.deepEqual(open(5, -2).progress!(3, 9), { first: -1, step: -2 })
    assert.equal(open(0, 0.5).progress!(0, 9), undefined)
    assert.equal(open(0.5, 1).progress!(0, 9), undefined)
    const last = Number.MAX_SAFE_INTEGER
    assert.deepEqual(open(last - 9, 1).progress!(0, 9), { first: last - 9, step: 1 })
    assert.equal(open(last - 9, 1).progress!(0, 10), undefined)
    assert.deepEqual(open(last - 9, 1).read(8, 11, undefined).items, [last - 1, last, last + 1])
  })

  it('refuses what is no range', () => {
    for (const args of [
      [0, NaN],
      [0, Infinity],
      ['1', 2],
      [0, 1, 0],
      [0, 1e300, 1e-9],
    ] as const)
      assert.throws(
        () => range(...(args as unknown as [number, number, number])),
        (error) => EisenmpError.is(error, 'ERR_EISENMP_OPTION'),
      )
  })
})
