import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createRing, openRing } from '../../../src/backends/ring/byte-ring.ts'
import { CursorReader, CursorWriter } from '../../../src/backends/ring/cursor.ts'
import { measureValues, readValues, writeValues } from '../../../src/backends/ring/values.ts'
import { isPacked, pack, unpack } from '../../../src/codec/pack.ts'
import { snapshot } from '../../../src/codec/snapshot.ts'
import { chunk } from '../../support/chunk-values.ts'
import { assertSameGraph } from '../../support/same-graph.ts'

const memory = openRing(createRing(2 ** 20))

function copy(values: readonly unknown[]): unknown {
  return values.map((value) => snapshot(value, { root: 'item', portable: false }).value)
}

describe('values in a ring', () => {
  it('come out as structured clone makes them, or are not written', () => {
    let written = 0
    fc.assert(
      fc.property(chunk, (values) => {
        const packed = pack(copy(values) as unknown[])
        const length = measureValues(packed)
        if (length === undefined) return
        written += 1
        writeValues(packed, new CursorWriter(memory).moveTo(8))
        const read = readValues(new CursorReader(memory).moveTo({ offset: 8, length }))
        assert.ok(Array.isArray(read) || isPacked(read))
        assertSameGraph(unpack(read), structuredClone(values))
        if (length > 0) {
          assert.throws(
            () => readValues(new CursorReader(memory).moveTo({ offset: 8, length: length - 8 })),
            RangeError,
          )
        }
      }),
      { numRuns: 1000 },
    )
    assert.ok(written > 300, `${written} of 1000`)
  })

  it('bring a few single values without packing them', () => {
    for (const values of [[], [1], [-0, 'a', undefined, null, true, false, Number.NaN, '\udc00']]) {
      const length = measureValues(values)!
      writeValues(values, new CursorWriter(memory).moveTo(0))
      assert.deepEqual(readValues(new CursorReader(memory).moveTo({ offset: 0, length })), values)
    }
    for (const value of [{}, [], 1n, new Date(0)]) assert.equal(measureValues([value]), undefined)
  })

  it('read nothing that is not there, whatever is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer()), { minLength: 2, maxLength: 40 }),
        (words) => {
          const padded = words.length % 2 === 0 ? words : [...words, 0]
          memory.ints.set(padded)
          try {
            const read = readValues(new CursorReader(memory).moveTo({ offset: 0, length: padded.length * 4 }))
            if (isPacked(read)) unpack(read)
          } catch (error) {
            assert.ok(error instanceof RangeError, String(error))
          }
        },
      ),
      { numRuns: 5000 },
    )
  })
})
