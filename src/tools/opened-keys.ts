import { hashText } from './hash-text.ts'
import type { OpenedHeap } from './opened-heap.ts'
import type { PageStore } from './page-store.ts'
import { decodeText, isTextAt } from './text-bytes.ts'

/** Finds the place of a key. */
export interface KeyIndex {
  readonly size: number
  /** −1 when there is no such key. */
  find(key: string): number
  list(): IterableIterator<readonly [key: string, place: number]>
}

export interface MemoryKeysParts {
  readonly size: number
  readonly seed: readonly [number, number]
  readonly heap: OpenedHeap
  readonly bytes: Uint8Array
  readonly offsets: Float64Array
  readonly slots: Uint32Array
}

/** Keys in memory that several threads read and none writes: no locks. */
export class MemoryKeys implements KeyIndex {
  readonly size: number
  readonly #seed0: number
  readonly #seed1: number
  readonly #heap: OpenedHeap
  readonly #bytes: Uint8Array
  readonly #offsets: Float64Array
  readonly #slots: Uint32Array
  readonly #mask: number

  constructor({ size, seed, heap, bytes, offsets, slots }: MemoryKeysParts) {
    this.size = size
    ;[this.#seed0, this.#seed1] = seed
    this.#heap = heap
    this.#bytes = bytes
    this.#offsets = offsets
    this.#slots = slots
    this.#mask = slots.length / 2 - 1
  }

  find(key: string): number {
    const hash = hashText(key, this.#seed0, this.#seed1)
    const slots = this.#slots
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const place = slots[2 * slot + 1]!
      if (place === 0) return -1
      if (slots[2 * slot] !== hash) continue
      if (isTextAt(this.#bytes, this.#offsets[place - 1]!, this.#offsets[place]!, key)) return place - 1
    }
  }

  *list(): IterableIterator<readonly [string, number]> {
    for (let place = 0; place < this.size; place++) yield [this.#heap.textAt(place), place]
  }
}

/** Hash, place and length, each 32 bits, before every key of a bucket. */
export const KEY_HEADER_BYTES = 12

export interface FileKeysParts {
  readonly size: number
  readonly seed: readonly [number, number]
  readonly firstBucket: number
  readonly buckets: number
}

function readWord(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0
}

/** Keys in a file: one read brings all keys whose hash is like that of the one in question. */
export class FileKeys implements KeyIndex {
  readonly size: number
  readonly #store: PageStore
  readonly #parts: FileKeysParts

  constructor(store: PageStore, parts: FileKeysParts) {
    this.size = parts.size
    this.#store = store
    this.#parts = parts
  }

  find(key: string): number {
    const { seed, firstBucket, buckets } = this.#parts
    const hash = hashText(key, seed[0], seed[1])
    const bytes = this.#store.read(firstBucket + (hash % buckets))
    if (bytes === undefined) return -1
    for (let at = 0; at < bytes.length;) {
      const from = at + KEY_HEADER_BYTES
      const to = from + readWord(bytes, at + 8)
      if (readWord(bytes, at) === hash && isTextAt(bytes, from, to, key)) return readWord(bytes, at + 4)
      at = to
    }
    return -1
  }

  *list(): IterableIterator<readonly [string, number]> {
    const { firstBucket, buckets } = this.#parts
    for (let bucket = 0; bucket < buckets; bucket++) {
      const shared = this.#store.read(firstBucket + bucket)
      if (shared === undefined) continue
      // Whoever iterates may read something else meanwhile.
      const bytes = Uint8Array.prototype.slice.call(shared, 0, shared.length)
      for (let at = 0; at < bytes.length;) {
        const from = at + KEY_HEADER_BYTES
        const to = from + readWord(bytes, at + 8)
        yield [decodeText(bytes, from, to), readWord(bytes, at + 4)]
        at = to
      }
    }
  }
}
