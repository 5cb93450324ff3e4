import fc from 'fast-check'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { makeDelays, makeFlights } from '../../examples/data/make-flights.ts'
import { openFlights, readColumn } from '../../examples/lib/flights.ts'
import { countOccurrences, describeCounts, mergeCounts } from '../../examples/lib/value-counts.ts'

const percents = [1, 25, 50, 75, 99, 100]

/** The figures by definition: from all values, sorted. */
function describeNaively(values: number[]) {
  const sorted = [...values].toSorted((a, b) => a - b)
  return {
    count: sorted.length,
    average: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    minimum: sorted[0],
    maximum: sorted.at(-1),
    quantiles: percents.map((percent) => ({
      percent,
      value: sorted.find((_, i) => (i + 1) * 100 >= percent * sorted.length),
    })),
  }
}

test('describeCounts() gives the figures of all values, however they were divided', () => {
  const parts = fc.array(fc.array(fc.integer({ min: -1000, max: 1000 })), { minLength: 1 })
  fc.assert(
    fc.property(parts, (lists) => {
      fc.pre(lists.some((list) => list.length > 0))
      const figures = describeCounts(mergeCounts(lists.map(countOccurrences)), percents)
      assert.deepEqual(figures, describeNaively(lists.flat()))
    }),
  )
})

test('describeCounts() refuses a column without values', () => {
  assert.throws(() => describeCounts(new Map(), percents), /without values/)
})

test('readColumn() reads every row group of the small table, without its empty fields', async () => {
  const { rows, groups } = await openFlights('delay', true)
  const delays = makeDelays()
  assert.equal(rows, delays.length)
  assert.equal(groups.length, 5)
  const values = (await Promise.all(groups.map(readColumn))).flat()
  assert.deepEqual(
    values,
    delays.filter((delay) => delay !== null),
  )
})

test('readColumn() reads of a row group of the large table what hyparquet gives row by row', async () => {
  const { rows, groups } = await openFlights('delay', false)
  assert.equal(rows, 3_000_000)
  const { file, rowStart, rowEnd } = groups.at(-1)!
  const read = { file: await asyncBufferFromFile(file), compressors, columns: ['delay'], rowStart, rowEnd }
  const expected = (await parquetReadObjects(read)).map((row) => Number(row['delay']))
  assert.deepEqual(await readColumn(groups.at(-1)!), expected)
})

test('the small table is what its script makes', async () => {
  const file = await readFile(new URL('../../examples/data/flights-small.parquet', import.meta.url))
  assert.ok(file.equals(makeFlights()))
})
