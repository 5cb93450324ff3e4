/** How often each value occurs. All the figures below follow from it exactly. */
export type ValueCounts = Map<number, number>

/** Figures of one column. */
export type ColumnFigures = {
  count: number
  average: number
  minimum: number
  maximum: number
  quantiles: { percent: number; value: number }[]
}

/** Counts how often each value occurs. */
export function countOccurrences(values: Iterable<number>): ValueCounts {
  const counts: ValueCounts = new Map()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

/** Adds the counts of several parts of a column. */
export function mergeCounts(parts: Iterable<ValueCounts>): ValueCounts {
  const merged: ValueCounts = new Map()
  for (const part of parts) for (const [value, times] of part) merged.set(value, (merged.get(value) ?? 0) + times)
  return merged
}

/**
 * Computes the figures of a column of whole numbers, without rounding but for the division of the average.
 *
 * The quantile of n percent is the smallest value that at least n percent of the rows do not exceed.
 */
export function describeCounts(counts: ValueCounts, percents: readonly number[]): ColumnFigures {
  const values = [...counts].toSorted(([a], [b]) => a - b)
  const minimum = values.at(0)?.[0]
  const maximum = values.at(-1)?.[0]
  if (minimum === undefined || maximum === undefined) throw new Error('Cannot describe a column without values')
  let count = 0
  let sum = 0
  for (const [value, times] of values) {
    count += times
    sum += value * times
  }
  const quantiles = percents.map((percent) => ({ percent, value: findQuantile(values, (percent * count) / 100) }))
  return { count, average: sum / count, minimum, maximum, quantiles }
}

function findQuantile(values: [value: number, times: number][], rank: number): number {
  let passed = 0
  for (const [value, times] of values) {
    passed += times
    if (passed >= rank) return value
  }
  return values.at(-1)![0]
}
