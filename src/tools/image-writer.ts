import type { HeapImage, KeysImage, NumbersImage, ToolImage, ValuesImage } from '../protocol/tool-image.ts'
import { viewNumbers } from './number-types.ts'
import { KEY_HEADER_BYTES } from './opened-keys.ts'
import { type LmdbStore, PAGE_BYTES, loadDriver, storeOptions } from './page-store.ts'

const KEYS_PER_BUCKET = 8
/** In between the program has its turn. */
const TRANSACTION_BYTES = 2 ** 24
/** Address space, not memory. */
const MAP_BYTES = 2 ** 40

/** Copies a tool from memory into the pages of a new file. */
export class ImageWriter {
  readonly #store: LmdbStore
  /** Keys are given in their order, so that every page can be put behind the last. */
  #next = 0

  constructor(path: string, driver: string) {
    const options = { ...storeOptions, path, noSync: true, mapSize: MAP_BYTES }
    this.#store = loadDriver(driver).open(options)
  }

  close(): Promise<void> {
    return this.#store.close()
  }

  async write(image: ToolImage): Promise<ToolImage> {
    switch (image.kind) {
      case 'numbers':
        return { kind: 'numbers', numbers: await this.#writeNumbers(image.numbers) }
      case 'words':
        return { kind: 'words', keys: await this.#writeKeys(image.keys) }
      case 'table':
        return {
          kind: 'table',
          keys: await this.#writeKeys(image.keys),
          values: await this.#writeValues(image.values),
        }
      default: {
        const columns: Extract<ToolImage, { kind: 'columns' }>['columns'][number][] = []
        for (const [name, column] of image.columns) {
          if (column.kind === 'numbers') {
            columns.push([name, { kind: 'numbers', numbers: await this.#writeNumbers(column.numbers) }])
          } else columns.push([name, { kind: 'strings', heap: await this.#writeHeap(column.heap) }])
        }
        return { kind: 'columns', length: image.length, columns }
      }
    }
  }

  /** Puts so many records, `undefined` being none; the event loop turns in between. */
  async #put(count: number, make: (index: number) => Uint8Array | undefined): Promise<number> {
    const first = this.#next
    this.#next += count
    const putSome = (from: number): number => {
      let index = from
      for (let bytes = 0; index < count && bytes < TRANSACTION_BYTES; index++) {
        const record = make(index)
        if (record === undefined) continue
        this.#store.putSync(first + index, record, { append: true })
        bytes += record.length
      }
      return index
    }
    for (let done = 0; done < count;) {
      const from = done
      done = this.#store.transactionSync(() => putSome(from))
      await new Promise((resolve) => setImmediate(resolve))
    }
    return first
  }

  async #writeNumbers(image: NumbersImage): Promise<NumbersImage> {
    const { type, length } = image
    const view = viewNumbers(image)!
    const bytes = Buffer.from(view.buffer, view.byteOffset, view.byteLength)
    const pages = Math.ceil(bytes.length / PAGE_BYTES)
    const firstPage = await this.#put(pages, (page) => bytes.subarray(page * PAGE_BYTES, (page + 1) * PAGE_BYTES))
    return { type, length, firstPage }
  }

  async #writeHeap({ length, bytes, offsets }: HeapImage): Promise<HeapImage> {
    return { length, bytes: await this.#writeNumbers(bytes), offsets: await this.#writeNumbers(offsets) }
  }

  async #writeValues(image: ValuesImage): Promise<ValuesImage> {
    if (image.kind === 'number') return { kind: 'number', numbers: await this.#writeNumbers(image.numbers) }
    const heap = await this.#writeHeap(image.heap)
    const places = image.places === undefined ? undefined : await this.#writeNumbers(image.places)
    return { kind: image.kind, heap, places }
  }

  async #writeKeys(image: KeysImage): Promise<KeysImage> {
    if (!('heap' in image)) throw new TypeError('Cannot write keys that are in a file')
    const { size, seed, heap } = image
    const buckets = Math.max(1, Math.ceil(size / KEYS_PER_BUCKET))
    const bytes = viewNumbers(heap.bytes) as Uint8Array
    const offsets = viewNumbers(heap.offsets) as Float64Array
    const { order, starts, hashes } = sortByBucket(viewNumbers(image.slots) as Uint32Array, size, buckets)
    const firstBucket = await this.#put(buckets, (bucket) => {
      const places = order.subarray(starts[bucket], starts[bucket + 1])
      if (places.length === 0) return undefined
      let total = 0
      for (const place of places) total += KEY_HEADER_BYTES + offsets[place + 1]! - offsets[place]!
      const record = Buffer.allocUnsafe(total)
      let at = 0
      for (const place of places) {
        const key = bytes.subarray(offsets[place], offsets[place + 1])
        record.writeUInt32LE(hashes[place]!, at)
        record.writeUInt32LE(place, at + 4)
        record.writeUInt32LE(key.length, at + 8)
        record.set(key, at + KEY_HEADER_BYTES)
        at += KEY_HEADER_BYTES + key.length
      }
      return record
    })
    return { size, seed, firstBucket, buckets }
  }
}

/** The places of all keys, those of one bucket together. */
function sortByBucket(
  slots: Uint32Array,
  size: number,
  buckets: number,
): { order: Uint32Array; starts: Uint32Array; hashes: Uint32Array } {
  const hashes = new Uint32Array(size)
  const starts = new Uint32Array(buckets + 1)
  for (let i = 0; i < slots.length; i += 2) {
    const place = slots[i + 1]!
    if (place === 0) continue
    hashes[place - 1] = slots[i]!
    starts[(slots[i]! % buckets) + 1]! += 1
  }
  for (let bucket = 0; bucket < buckets; bucket++) starts[bucket + 1]! += starts[bucket]!
  const next = starts.slice()
  const order = new Uint32Array(size)
  for (let place = 0; place < size; place++) {
    const bucket = hashes[place]! % buckets
    order[next[bucket]!++] = place
  }
  return { order, starts, hashes }
}
