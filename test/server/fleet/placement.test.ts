import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { choosePlace } from '../../../src/server/fleet/placement.ts'

function place(placement: Parameters<typeof choosePlace>[0], loads: [index: number, instances: number][]): number {
  const workers = loads.map(([index, instances]) => ({ index, instances }))
  return choosePlace(placement, { name: 'x', input: { url: 1 }, workers })
}

describe('choosePlace()', () => {
  it('takes the least loaded for balanced, the lowest index of several', () => {
    assert.equal(
      place('balanced', [
        [0, 2],
        [1, 1],
        [3, 1],
      ]),
      1,
    )
    assert.equal(
      place('balanced', [
        [0, 0],
        [1, 0],
      ]),
      0,
    )
  })

  it('takes the lowest index with room for packed', () => {
    assert.equal(
      place('packed', [
        [2, 5],
        [3, 0],
      ]),
      2,
    )
  })

  it('asks a function, which is told name, input and workers with room', () => {
    const seen: unknown[] = []
    const chosen = place(
      (info) => {
        seen.push(info)
        return 3
      },
      [
        [1, 4],
        [3, 2],
      ],
    )
    assert.equal(chosen, 3)
    const workers = [
      { index: 1, instances: 4 },
      { index: 3, instances: 2 },
    ]
    assert.deepEqual(seen, [{ name: 'x', input: { url: 1 }, workers }])
  })

  for (const answer of [0, 1.5, Number.NaN, '3', undefined, null]) {
    it(`refuses ${String(answer)} of a function where no such worker has room`, () => {
      assert.throws(
        () =>
          place(
            () => answer as number,
            [
              [1, 4],
              [3, 2],
            ],
          ),
        {
          code: 'ERR_EISENMP_OPTION',
          message:
            /^Cannot place instance "x" as the option 'placement' says: it returned .*; workers with room are 1, 3$/,
        },
      )
    })
  }

  it('lets through what a function throws', () => {
    assert.throws(
      () =>
        place(() => {
          throw new RangeError('mine')
        }, [[0, 0]]),
      { message: 'mine' },
    )
  })
})
