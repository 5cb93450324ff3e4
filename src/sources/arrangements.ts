/** A word's symbols, each once and in order, and how often each occurs. */
export interface Multiset {
  readonly symbols: readonly string[]
  readonly counts: readonly number[]
}

/** Code points, in their order: the same on every machine, whatever its language. */
export function toMultiset(word: string): Multiset {
  const counts = new Map<string, number>()
  for (const symbol of word) counts.set(symbol, (counts.get(symbol) ?? 0) + 1)
  const symbols = [...counts.keys()].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!)
  return { symbols, counts: symbols.map((symbol) => counts.get(symbol)!) }
}

/** How many distinct arrangements there are. */
export function countArrangements(counts: readonly number[]): bigint {
  let total = 1n
  let placed = 0n
  for (const count of counts) {
    // Multiplied first, it divides without a rest: it is a binomial coefficient at every step.
    for (let i = 1n; i <= BigInt(count); i++) total = (total * ++placed) / i
  }
  return total
}

/** The arrangement at a place of the lexicographic order, as ranks of symbols. */
export function unrank(counts: readonly number[], index: bigint): number[] {
  const left = [...counts]
  let open = left.reduce((sum, count) => sum + count, 0)
  let total = countArrangements(counts)
  let rest = index
  const ranks: number[] = []
  for (; open > 0; open--) {
    for (let rank = 0; rank < left.length; rank++) {
      const starting = (total * BigInt(left[rank]!)) / BigInt(open)
      if (rest < starting) {
        ranks.push(rank)
        left[rank]! -= 1
        total = starting
        break
      }
      rest -= starting
    }
  }
  return ranks
}

/**
 * Steps to the next arrangement, in place; constant time on average.
 *
 * @returns The first position that has changed, -1 behind the last arrangement.
 */
export function stepOn(ranks: number[]): number {
  let pivot = ranks.length - 2
  while (pivot >= 0 && ranks[pivot]! >= ranks[pivot + 1]!) pivot--
  if (pivot < 0) return -1
  let other = ranks.length - 1
  while (ranks[other]! <= ranks[pivot]!) other--
  const rank = ranks[pivot]!
  ranks[pivot] = ranks[other]!
  ranks[other] = rank
  for (let left = pivot + 1, right = ranks.length - 1; left < right; left++, right--) {
    const swapped = ranks[left]!
    ranks[left] = ranks[right]!
    ranks[right] = swapped
  }
  return pivot
}
