import { decodeText } from './text-bytes.ts'
import type { NumberList, StringList } from './tool-types.ts'
import { toPlace } from './paged-numbers.ts'

/** Texts or bytes of a heap by their place, wherever it is kept. */
export class OpenedHeap implements StringList {
  readonly length: number
  readonly #bytes: NumberList
  readonly #offsets: NumberList

  constructor(length: number, bytes: NumberList, offsets: NumberList) {
    this.length = length
    this.#bytes = bytes
    this.#offsets = offsets
  }

  /** A copy. */
  bytesAt(place: number): Uint8Array {
    return this.#bytes.slice(this.#offsets.at(place), this.#offsets.at(place + 1)) as Uint8Array
  }

  textAt(place: number): string {
    const from = this.#offsets.at(place)!
    const to = this.#offsets.at(place + 1)!
    if (this.#bytes instanceof Uint8Array) return decodeText(this.#bytes, from, to)
    return decodeText(this.#bytes.slice(from, to) as Uint8Array, 0, to - from)
  }

  at(index: number): string | undefined {
    const whole = Math.trunc(index) || 0
    const place = whole < 0 ? this.length + whole : whole
    return place < 0 || place >= this.length ? undefined : this.textAt(place)
  }

  slice(from = 0, to: number = this.length): string[] {
    const start = toPlace(from, this.length)
    const end = Math.max(start, toPlace(to, this.length))
    return Array.from({ length: end - start }, (_, i) => this.textAt(start + i))
  }

  *[Symbol.iterator](): IterableIterator<string> {
    for (let place = 0; place < this.length; place++) yield this.textAt(place)
  }
}
