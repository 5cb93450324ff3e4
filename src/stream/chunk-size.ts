/** How long and large a chunk may get. */
export interface ChunkLimits {
  /** Work in one chunk, in ms. Long enough to hide the round trip, short enough that nobody waits for the last one. */
  readonly targetMs: number
  /** Items in one chunk. */
  readonly maxItems: number
  /** Bytes in one chunk, as estimated while its items are copied; the item that reaches the limit is its last one. */
  readonly maxBytes: number
}

export const DEFAULT_CHUNK_LIMITS: ChunkLimits = { targetMs: 10, maxItems: 10_000, maxBytes: 1024 * 1024 }

/** How sizes begin and grow. */
export interface Pace {
  /** Size of the first chunks. */
  readonly first: number
  /** No chunk is smaller, unless the source ends. */
  readonly min: number
  /** From one chunk to the next. */
  readonly growth: number
  /** Time below which the tail is not cut finer. 0: one item that is too long hurts more than any round trip. */
  readonly tailMs: number
  /** Chunks carry no items, and one that takes too long comes back: a measurement far better than the last is believed. */
  readonly isPatient: boolean
}

/** From one item to the limit in a handful of chunks. */
const DEFAULT_PACE: Pace = { first: 1, min: 1, growth: 4, tailMs: 0, isPatient: false }
/** Weight of the newest measurement. */
const WEIGHT = 0.4

/**
 * Sizes chunks from the measured time of an item: one item at first, then as many as fill `targetMs`.
 *
 * Where the length is known, the tail is cut finer (guided self-scheduling: Polychronopoulos and Kuck, 1987): never more
 * than half of an even share of what is left.
 */
export class ChunkSizer {
  readonly #limits: ChunkLimits
  readonly #workers: () => number
  readonly #pace: Pace
  #msPerItem: number | undefined
  #size: number
  /** Items of the largest chunk that was measured. */
  #largest = 0

  constructor(limits: ChunkLimits, workers: () => number, pace: Pace = DEFAULT_PACE) {
    this.#limits = limits
    this.#workers = workers
    this.#pace = pace
    this.#size = Math.min(pace.first, limits.maxItems)
  }

  /** Learns from an answer: `count` items took `ms`. */
  observe(count: number, ms: number): void {
    if (count === 0) return
    const sample = ms / count
    if (this.#pace.isPatient) return this.#observePatiently(count, sample, ms)
    // A rise is believed at once, since a chunk that is too long hurts more than one that is too short.
    const old = this.#msPerItem
    this.#msPerItem = old === undefined || sample > 2 * old ? sample : old + WEIGHT * (sample - old)
  }

  /** The first chunks ran cold code, and a worker may have been off the processor: a fall tells more than a rise. */
  #observePatiently(count: number, sample: number, ms: number): void {
    const old = this.#msPerItem
    const share = count / this.#size
    const isBelieved = old === undefined || count >= 2 * this.#largest || (sample < old / 2 && share >= 0.5)
    this.#largest = Math.max(this.#largest, count)
    // A few items that took no time tell little; those that took long tell all.
    const weight = WEIGHT * Math.min(1, Math.max(share, ms / this.#limits.targetMs))
    this.#msPerItem = isBelieved ? sample : old + weight * (sample - old)
  }

  /** Items for the next chunk; `left` is what the source still holds, when known. */
  next(left: number | undefined): number {
    const { targetMs, maxItems } = this.#limits
    if (this.#msPerItem !== undefined) {
      const fitting = Math.floor(targetMs / Math.max(this.#msPerItem, 1e-6))
      this.#size = Math.max(1, Math.min(Math.max(fitting, this.#pace.min), this.#size * this.#pace.growth, maxItems))
    }
    if (left === undefined) return this.#size
    const share = Math.ceil(left / (2 * Math.max(1, this.#workers())))
    const finest = Math.floor(this.#pace.tailMs / Math.max(this.#msPerItem ?? Infinity, 1e-6))
    return Math.max(1, Math.min(this.#size, Math.max(share, this.#pace.min, finest)))
  }

  /** Time that so many items will take, when anything is known. */
  expectedMs(count: number): number | undefined {
    return this.#msPerItem === undefined ? undefined : this.#msPerItem * count
  }
}
