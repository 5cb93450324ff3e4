/**
 * A bounded queue of byte records in shared memory, for one writing and one reading thread.
 *
 * `written` and `read` count bytes modulo 2^32 and are each stored by one side only; their difference is what lies in
 * the ring. A record becomes visible by the one store of `written` behind its last byte, so whatever instant a writer
 * dies at, a reader sees whole records only. Records lie in one piece, at offsets that are multiples of 8: one that
 * would cross the end begins at the start again, behind a filler.
 */
export interface RingMemory {
  readonly control: Int32Array
  readonly ints: Int32Array
  readonly doubles: Float64Array
  readonly bytes: Uint8Array
}

/** Where a record's content lies in {@link RingMemory.bytes}. */
export interface Place {
  readonly offset: number
  readonly length: number
}

// Each counter has a cache line of its own: the two sides do not slow each other down by writing theirs.
export const WRITTEN = 0
export const READ = 16
/** For a {@link Sleeper}. */
export const SLEEP_CELL = 32
const CONTROL_INTS = 48
const CONTROL_BYTES: number = CONTROL_INTS * Int32Array.BYTES_PER_ELEMENT

/** Length of a record's content, and nothing: 8 bytes keep what follows aligned. */
const HEADER_BYTES = 8
const FILLER = -1

/** Memory for a ring. `capacity` MUST be a power of 2, from 64 to 2^30. */
export function createRing(capacity: number): SharedArrayBuffer {
  if (capacity < 64 || capacity > 2 ** 30 || (capacity & (capacity - 1)) !== 0) {
    throw new RangeError(`Cannot make a ring of ${capacity} bytes: its capacity must be a power of 2, 64 to 2^30`)
  }
  return new SharedArrayBuffer(CONTROL_BYTES + capacity)
}

export function openRing(memory: SharedArrayBuffer): RingMemory {
  return {
    control: new Int32Array(memory, 0, CONTROL_INTS),
    ints: new Int32Array(memory, CONTROL_BYTES),
    doubles: new Float64Array(memory, CONTROL_BYTES),
    bytes: new Uint8Array(memory, CONTROL_BYTES),
  }
}

/** The memory does not hold what a {@link RingWriter} writes. */
export class BrokenRing extends Error {
  constructor(why: string, cause?: unknown) {
    super(`a ring in shared memory is broken: ${why}`, { cause })
  }
}

function toRecordBytes(length: number): number {
  return HEADER_BYTES + ((length + 7) & ~7)
}

/** The writing side. */
export class RingWriter {
  readonly memory: RingMemory
  /** Longer contents never fit: with a filler before them they would need more than there is. */
  readonly maxLength: number
  readonly #capacity: number
  #written: number
  /** Counter behind the record that is being written. */
  #next = 0

  constructor(memory: RingMemory) {
    this.memory = memory
    this.#capacity = memory.bytes.length
    this.maxLength = this.#capacity / 2 - HEADER_BYTES
    this.#written = Atomics.load(memory.control, WRITTEN)
  }

  /** Offset for `length` bytes of content; `undefined` when there is no room now. Nothing is visible before {@link publish}. */
  reserve(length: number): number | undefined {
    if (length > this.maxLength) return undefined
    const { control, ints } = this.memory
    const size = toRecordBytes(length)
    let at = this.#written & (this.#capacity - 1)
    const left = this.#capacity - at
    const filler = left < size ? left : 0
    const used = (this.#written - Atomics.load(control, READ)) >>> 0
    if (used + filler + size > this.#capacity) return undefined
    if (filler > 0) {
      ints[at >> 2] = FILLER
      at = 0
    }
    ints[at >> 2] = length
    this.#next = (this.#written + filler + size) | 0
    return at + HEADER_BYTES
  }

  publish(): void {
    this.#written = this.#next
    Atomics.store(this.memory.control, WRITTEN, this.#written)
  }
}

/** The reading side. It trusts no number that it finds: another thread may write anything into shared memory. */
export class RingReader {
  readonly memory: RingMemory
  readonly #capacity: number
  #read: number
  /** Counter behind the record that was looked at. */
  #next = 0

  constructor(memory: RingMemory) {
    this.memory = memory
    this.#capacity = memory.bytes.length
    this.#read = Atomics.load(memory.control, READ)
  }

  /** Counter up to which records are visible now. */
  get written(): number {
    return Atomics.load(this.memory.control, WRITTEN)
  }

  /** Whether something is left to read up to `written`. */
  isBefore(written: number): boolean {
    return ((written - this.#read) | 0) > 0
  }

  /**
   * The oldest record, which stays until {@link release}; `undefined` when there is none.
   *
   * @throws BrokenRing
   */
  peek(): Place | undefined {
    const used = (this.written - this.#read) >>> 0
    if (used === 0) return undefined
    if (used > this.#capacity || (used & 7) !== 0) throw new BrokenRing(`${used} bytes lie in it`)
    const at = this.#read & (this.#capacity - 1)
    const length = this.memory.ints[at >> 2]!
    const left = this.#capacity - at
    if (length === FILLER) return this.#place(0, this.memory.ints[0]!, { before: left, used })
    return this.#place(at, length, { before: 0, used })
  }

  #place(at: number, length: number, { before, used }: { readonly before: number; readonly used: number }): Place {
    if (length < 0 || length > this.#capacity) throw new BrokenRing(`a record has ${length} bytes`)
    const size = toRecordBytes(length)
    if (before + size > used || at + size > this.#capacity) throw new BrokenRing('a record crosses its end')
    this.#next = (this.#read + before + size) | 0
    return { offset: at + HEADER_BYTES, length }
  }

  /** Frees the record that {@link peek} gave. */
  release(): void {
    this.#read = this.#next
    Atomics.store(this.memory.control, READ, this.#read)
  }
}
