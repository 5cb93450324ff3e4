import type { Place, RingMemory } from './byte-ring.ts'

const UNIT_BYTES = { latin1: 1, ucs2: 2 } as const
// V8 knows without looking that this matches nothing in a string that it keeps with one byte a unit.
const WIDE = /[^\0-\u00ff]/u

function isWide(text: string): boolean {
  return WIDE.test(text)
}

function toWords(bytes: number): number {
  return (bytes + 7) & ~7
}

/** Bytes that {@link CursorWriter.text} takes. */
export function measureText(text: string): number {
  return 8 + toWords(text.length * (isWide(text) ? UNIT_BYTES.ucs2 : UNIT_BYTES.latin1))
}

/** Bytes that {@link CursorWriter.block} takes. */
export function measureBlock(block: ArrayBufferView): number {
  return toWords(block.byteLength)
}

/** Writes one thing behind the other into a ring's memory, each on a multiple of 8 bytes. */
export class CursorWriter {
  readonly #memory: RingMemory
  readonly #buffer: Buffer
  #at = 0

  constructor(memory: RingMemory) {
    this.#memory = memory
    const { buffer, byteOffset, length } = memory.bytes
    this.#buffer = Buffer.from(buffer, byteOffset, length)
  }

  /** Goes on at an offset of the ring. */
  moveTo(offset: number): this {
    this.#at = offset
    return this
  }

  /** Two 32-bit integers. */
  ints(first: number, second: number): void {
    const { ints } = this.#memory
    const at = this.#at >> 2
    ints[at] = first
    ints[at + 1] = second
    this.#at += 8
  }

  double(value: number): void {
    this.#memory.doubles[this.#at >> 3] = value
    this.#at += 8
  }

  block(block: ArrayBufferView): void {
    const { buffer, byteOffset, byteLength } = block
    this.#memory.bytes.set(new Uint8Array(buffer, byteOffset, byteLength), this.#at)
    this.#at += toWords(byteLength)
  }

  text(text: string): void {
    const wide = isWide(text)
    this.ints(text.length, wide ? 1 : 0)
    const encoding = wide ? 'ucs2' : 'latin1'
    this.#buffer.write(text, this.#at, encoding)
    this.#at += toWords(text.length * UNIT_BYTES[encoding])
  }
}

/** Makes views of its own memory. */
type BlockType<T> = { new (length: number): T; readonly BYTES_PER_ELEMENT: number }

/**
 * Reads what a {@link CursorWriter} wrote. All that it gives is a copy, which the other thread cannot change any more.
 *
 * All of it throws a RangeError rather than read beyond the record.
 */
export class CursorReader {
  readonly #memory: RingMemory
  readonly #buffer: Buffer
  #at = 0
  #end = 0

  constructor(memory: RingMemory) {
    this.#memory = memory
    const { buffer, byteOffset, length } = memory.bytes
    this.#buffer = Buffer.from(buffer, byteOffset, length)
  }

  /** Goes on at the beginning of a record's content. */
  moveTo({ offset, length }: Place): this {
    this.#at = offset
    this.#end = offset + length
    return this
  }

  #advance(bytes: number): number {
    const at = this.#at
    if (!(bytes >= 0 && bytes <= this.#end - at)) throw new RangeError('a record in shared memory ends too early')
    this.#at = at + toWords(bytes)
    return at
  }

  ints(): readonly [number, number] {
    const at = this.#advance(8) >> 2
    const { ints } = this.#memory
    return [ints[at]!, ints[at + 1]!]
  }

  double(): number {
    return this.#memory.doubles[this.#advance(8) >> 3]!
  }

  block<T extends ArrayBufferView>(type: BlockType<T>, length: number): T {
    const bytes = length * type.BYTES_PER_ELEMENT
    const at = this.#advance(bytes)
    const copy = new type(length)
    new Uint8Array(copy.buffer).set(this.#memory.bytes.subarray(at, at + bytes))
    return copy
  }

  text(): string {
    const [length, wide] = this.ints()
    const encoding = wide === 1 ? 'ucs2' : 'latin1'
    const bytes = length * UNIT_BYTES[encoding]
    const at = this.#advance(bytes)
    return this.#buffer.toString(encoding, at, at + bytes)
  }
}
