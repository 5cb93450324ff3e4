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

/** Growth from one chunk to the next: from one item to the limit in a handful of chunks. */
const GROWTH = 4
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
  #msPerItem: number | undefined
  #size = 1

  constructor(limits: ChunkLimits, workers: () => number) {
    this.#limits = limits
    this.#workers = workers
  }

  /** Learns from an answer: `count` items took `ms`. */
  observe(count: number, ms: number): void {
    if (count === 0) return
    const sample = ms / count
    // A rise is believed at once, since a chunk that is too long hurts more than one that is too short.
    const old = this.#msPerItem
    this.#msPerItem = old === undefined || sample > 2 * old ? sample : old + WEIGHT * (sample - old)
  }

  /** Items for the next chunk; `left` is what the source still holds, when known. */
  next(left: number | undefined): number {
    const { targetMs, maxItems } = this.#limits
    if (this.#msPerItem !== undefined) {
      const fitting = targetMs / Math.max(this.#msPerItem, 1e-6)
      this.#size = Math.max(1, Math.min(Math.floor(fitting), this.#size * GROWTH, maxItems))
    }
    if (left === undefined) return this.#size
    return Math.max(1, Math.min(this.#size, Math.ceil(left / (2 * Math.max(1, this.#workers())))))
  }

  /** Time that so many items will take, when anything is known. */
  expectedMs(count: number): number | undefined {
    return this.#msPerItem === undefined ? undefined : this.#msPerItem * count
  }
}
