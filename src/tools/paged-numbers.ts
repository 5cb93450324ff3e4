import type { NumbersImage } from '../protocol/tool-image.ts'
import { type TypedArray, type TypedArrayClass, getClass } from './number-types.ts'
import { PAGE_BYTES, type PageStore } from './page-store.ts'
import type { NumberList } from './tool-types.ts'

/** A number as `slice` takes it, as a place from 0 to the length. */
export function toPlace(given: number, length: number): number {
  const whole = Math.trunc(given) || 0
  return whole < 0 ? Math.max(0, length + whole) : Math.min(whole, length)
}

/** Numbers in the pages of a file, one page of which is kept. */
export class PagedNumbers implements NumberList<never> {
  readonly length: number
  readonly #store: PageStore
  readonly #firstPage: number
  readonly #class: TypedArrayClass
  readonly #perPage: number
  readonly #page: TypedArray
  readonly #bytes: Uint8Array
  #kept = -1

  constructor(store: PageStore, image: Extract<NumbersImage, { readonly firstPage: number }>) {
    this.length = image.length
    this.#store = store
    this.#firstPage = image.firstPage
    this.#class = getClass(image.type)
    this.#perPage = PAGE_BYTES / this.#class.BYTES_PER_ELEMENT
    this.#page = new this.#class(this.#perPage)
    this.#bytes = new Uint8Array(this.#page.buffer)
  }

  #load(page: number): void {
    if (page === this.#kept) return
    const bytes = this.#store.read(this.#firstPage + page)
    if (bytes === undefined) throw new Error(`Cannot read page ${page} of a tool: it is not in its file`)
    // Its own view, since LMDB hands out one that is longer than it says.
    this.#bytes.set(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length))
    this.#kept = page
  }

  at(index: number): never | undefined {
    const whole = Math.trunc(index) || 0
    const place = whole < 0 ? this.length + whole : whole
    if (place < 0 || place >= this.length) return undefined
    const page = Math.floor(place / this.#perPage)
    this.#load(page)
    return this.#page[place - page * this.#perPage] as never
  }

  slice(from = 0, to: number = this.length): TypedArray & ArrayLike<never> & Iterable<never> {
    const start = toPlace(from, this.length)
    const end = Math.max(start, toPlace(to, this.length))
    const part = new this.#class(end - start)
    for (let place = start; place < end;) {
      const page = Math.floor(place / this.#perPage)
      this.#load(page)
      const first = place - page * this.#perPage
      const count = Math.min(this.#perPage - first, end - place)
      part.set(this.#page.subarray(first, first + count) as never, place - start)
      place += count
    }
    return part as TypedArray & ArrayLike<never> & Iterable<never>
  }

  *[Symbol.iterator](): IterableIterator<never> {
    for (let i = 0; i < this.length; i++) yield this.at(i) as never
  }
}
