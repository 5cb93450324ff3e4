/** A figure of several rounds. */
export interface Figure {
  readonly median: number
  readonly min: number
  readonly max: number
}

export function summarize(samples: readonly number[]): Figure {
  if (samples.length === 0) throw new Error('no sample, no figure')
  const sorted = samples.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  return { median, min: sorted[0]!, max: sorted.at(-1)! }
}

/** The value below which a share of the samples lies. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}

/** How one thing compares with another in each round; what disturbs a round disturbs both. */
export function divide(samples: readonly number[], base: readonly number[]): number[] {
  if (samples.length !== base.length) throw new Error('only samples of the same rounds have a ratio')
  return samples.map((sample, round) => sample / base[round]!)
}

/** What one cost of an item gave. */
export interface Point {
  readonly costUs: number
  readonly efficiency: number
}

/**
 * The cost of an item from which on a pool is at least half efficient: METG(50 %), the minimum effective task
 * granularity (Slaughter et al., Task Bench, SC20), read off between two points on a logarithmic scale. `undefined` when
 * no point reaches it; the smallest cost when all do, which then is an upper bound.
 */
export function findMetg(points: readonly Point[], wanted = 0.5): number | undefined {
  const sorted = points.toSorted((a, b) => a.costUs - b.costUs)
  const lastBelow = sorted.findLastIndex(({ efficiency }) => efficiency < wanted)
  if (lastBelow === sorted.length - 1) return undefined
  if (lastBelow < 0) return sorted[0]!.costUs
  const low = sorted[lastBelow]!
  const high = sorted[lastBelow + 1]!
  const share = (wanted - low.efficiency) / (high.efficiency - low.efficiency)
  return low.costUs * (high.costUs / low.costUs) ** share
}
