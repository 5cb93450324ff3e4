import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { EisenmpError } from '../../src/errors.ts'
import { type ReadySegment, Reorder, type Segment } from '../../src/stream/reorder.ts'

interface Settled {
  readonly serial: number
  readonly segment: Segment
}

/** Chunks, each cut into segments that settle in any order, chunks among each other too. */
const schedule = fc
  .array(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 5 }), { maxLength: 8 })
  .chain((chunks) => {
    const settled = chunks.flatMap((counts, serial) => {
      let from = 0
      return counts.map((count): Settled => {
        const segment = { from, count, values: Array.from({ length: count }, (_, i) => `${serial}:${from + i}`) }
        from += count
        return { serial, segment }
      })
    })
    const order = fc.shuffledSubarray(settled, { minLength: settled.length, maxLength: settled.length })
    return fc.tuple(fc.constant(chunks), order)
  })

function play(ordered: boolean, chunks: readonly (readonly number[])[], order: readonly Settled[]): ReadySegment[] {
  const reorder = new Reorder(ordered)
  const sizes = chunks.map((counts) => counts.reduce((sum, count) => sum + count, 0))
  for (const [serial, size] of sizes.entries()) reorder.open(serial, size)
  const ready = order.flatMap(({ serial, segment }) => reorder.accept(serial, segment))
  assert.ok(reorder.isEmpty)
  return ready
}

describe('Reorder', () => {
  it('gives the order of the source whatever the order of settling', () => {
    fc.assert(
      fc.property(schedule, ([chunks, order]) => {
        const expected = order
          .toSorted((a, b) => a.serial - b.serial || a.segment.from - b.segment.from)
          .flatMap(({ segment }) => segment.values)
        assert.deepEqual(
          play(true, chunks, order).flatMap(({ values }) => values),
          expected,
        )
      }),
    )
  })

  for (const ordered of [true, false]) {
    it(`lets each segment out once, and completes each chunk once, with its last one (ordered: ${ordered})`, () => {
      fc.assert(
        fc.property(schedule, ([chunks, order]) => {
          const ready = play(ordered, chunks, order)
          const names = ready.flatMap(({ values }) => values as string[])
          assert.equal(new Set(names).size, names.length)
          assert.equal(names.length, order.flatMap(({ segment }) => segment.values).length)
          for (const serial of chunks.keys()) {
            const own = ready.filter((segment) => segment.serial === serial)
            assert.deepEqual(
              own.map(({ completes }) => completes),
              own.map((_, i) => i === own.length - 1),
            )
          }
        }),
      )
    })
  }

  it('lets everything through at once when unordered', () => {
    fc.assert(
      fc.property(schedule, ([chunks, order]) => {
        assert.deepEqual(
          play(false, chunks, order).map(({ serial, from }) => [serial, from]),
          order.map(({ serial, segment }) => [serial, segment.from]),
        )
      }),
    )
  })

  it('lets the head out before its chunk is complete', () => {
    const reorder = new Reorder(true)
    reorder.open(0, 3)
    reorder.open(1, 1)
    assert.deepEqual(reorder.accept(1, { from: 0, count: 1, values: ['d'] }), [])
    const [head] = reorder.accept(0, { from: 0, count: 1, values: ['a'] })
    assert.deepEqual([head?.values, head?.completes], [['a'], false])
    assert.deepEqual(reorder.accept(0, { from: 2, count: 1, values: ['c'] }), [])
    const rest = reorder.accept(0, { from: 1, count: 1, values: ['b'] })
    assert.deepEqual(
      rest.map(({ values, serial, completes }) => [values, serial, completes]),
      [
        [['b'], 0, false],
        [['c'], 0, true],
        [['d'], 1, true],
      ],
    )
  })

  it('carries errors in their place', () => {
    const error = new EisenmpError('ERR_EISENMP_TASK', 'no luck')
    const reorder = new Reorder(true)
    reorder.open(0, 2)
    assert.deepEqual(reorder.accept(0, { from: 1, count: 1, values: [], error }), [])
    const ready = reorder.accept(0, { from: 0, count: 1, values: [] })
    assert.deepEqual(
      ready.map((segment) => segment.error),
      [undefined, error],
    )
  })
})
