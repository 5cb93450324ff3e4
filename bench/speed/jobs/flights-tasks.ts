import { type RowGroup, readColumn } from '../../../examples/lib/flights.ts'

/** Minutes and flights: of sums an average can be made, of averages none. */
export interface Total {
  readonly sum: number
  readonly count: number
}

/** Of lines of the table; the second field is the delay, and may be empty. */
export function sumLines(lines: readonly string[]): Total[] {
  return sumDelays(lines.map((line) => line.slice(line.indexOf(',') + 1).split(',', 1)[0]!))
}

/** Of one column of it. */
export function sumDelays(delays: readonly string[]): Total[] {
  let sum = 0
  let count = 0
  for (const delay of delays) {
    if (delay === '') continue
    sum += Number(delay)
    count++
  }
  return [{ sum, count }]
}

/** Of a row group of the same table in Parquet. */
export async function sumGroup(group: RowGroup): Promise<Total> {
  const values = await readColumn(group)
  return { sum: values.reduce((sum, value) => sum + value, 0), count: values.length }
}
