import type { EisenmpError } from '../errors.ts'

/** Settled items of one chunk, next to each other: values, or one error. */
export interface Segment {
  readonly from: number
  /** Items of the source it stands for. */
  readonly count: number
  /** What leaves the last stage; with `filter` and `flatMap` fewer or more than `count`. */
  readonly values: readonly unknown[]
  readonly error?: EisenmpError
}

export interface ReadySegment extends Segment {
  readonly serial: number
  /** The chunk is complete with this one. */
  readonly completes: boolean
}

interface ChunkBuffer {
  readonly count: number
  settled: number
  /** Ordered by `from`. */
  readonly waiting: Segment[]
  /** Items before this one have left. */
  next: number
}

function insertInOrder(segments: Segment[], segment: Segment): void {
  let position = segments.length
  while (position > 0 && segments[position - 1]!.from > segment.from) position -= 1
  segments.splice(position, 0, segment)
}

/**
 * Brings settled segments into the order of the source, or lets them through as they come.
 *
 * It holds at most what the window lets be pulled; a segment at the head leaves at once, also when its chunk is not complete.
 */
export class Reorder {
  readonly #ordered: boolean
  readonly #chunks = new Map<number, ChunkBuffer>()
  #head = 0

  constructor(ordered: boolean) {
    this.#ordered = ordered
  }

  /** Expects a chunk; serials come without gaps. */
  open(serial: number, count: number): void {
    this.#chunks.set(serial, { count, settled: 0, waiting: [], next: 0 })
  }

  get isEmpty(): boolean {
    return this.#chunks.size === 0
  }

  /** Takes a segment and returns those that may leave now. */
  accept(serial: number, segment: Segment): ReadySegment[] {
    const chunk = this.#chunks.get(serial)!
    chunk.settled += segment.count
    insertInOrder(chunk.waiting, segment)
    const ready: ReadySegment[] = []
    if (!this.#ordered) this.#release(serial, chunk, ready, true)
    while (this.#ordered) {
      const head = this.#chunks.get(this.#head)
      if (head === undefined || !this.#release(this.#head, head, ready, false)) break
      this.#head += 1
    }
    return ready
  }

  /** Moves out what may leave of a chunk; `true` when the chunk is through. */
  #release(serial: number, chunk: ChunkBuffer, ready: ReadySegment[], anyOrder: boolean): boolean {
    while (chunk.waiting.length > 0) {
      const segment = chunk.waiting[0]!
      if (!anyOrder && segment.from !== chunk.next) break
      chunk.waiting.shift()
      chunk.next = segment.from + segment.count
      const completes = chunk.settled === chunk.count && chunk.waiting.length === 0
      ready.push({ ...segment, serial, completes })
    }
    if (chunk.settled < chunk.count || chunk.waiting.length > 0) return false
    this.#chunks.delete(serial)
    return true
  }
}
