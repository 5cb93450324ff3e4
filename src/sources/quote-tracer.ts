import type { FileHandle } from 'node:fs/promises'
import type { Anchor, CsvFormat, TextFileSpec } from '../protocol/indexed-spec.ts'
import type { Tracer } from '../stream/indexed-source.ts'
import { hasOddQuotes } from './csv-reader.ts'

/** Bytes that are read at once. */
const READ_BYTES = 1024 * 1024

/**
 * Counts the quotes of a file, chunk after chunk, since only from its beginning it is known whether a place is inside a
 * quoted field. That takes a small part of the time in which the workers take the records apart.
 */
export class QuoteTracer implements Tracer {
  readonly #path: string
  readonly #counts: boolean
  #at: number
  #quoted = false
  #handle: Promise<FileHandle> | undefined
  #isClosed = false

  constructor({ path }: TextFileSpec, { start, quotes }: CsvFormat) {
    this.#path = path
    this.#at = start
    this.#counts = quotes
  }

  reach(index: number): Anchor | Promise<Anchor> {
    if (!this.#counts) return { at: index, quoted: false }
    // Before the first record, or where the last chunk ended.
    if (index <= this.#at) return { at: this.#at, quoted: this.#quoted }
    return this.#count(index)
  }

  async #count(index: number): Promise<Anchor> {
    // Loading it takes milliseconds that a program without quoted fields need not spend.
    this.#handle ??= process.getBuiltinModule('node:fs/promises').open(this.#path, 'r')
    const handle = await this.#handle
    const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, index - this.#at))
    while (this.#at < index && !this.#isClosed) {
      const length = Math.min(buffer.length, index - this.#at)
      const { bytesRead } = await handle.read(buffer, 0, length, this.#at)
      // The workers will see that it has changed.
      if (bytesRead === 0) break
      if (hasOddQuotes(buffer.subarray(0, bytesRead))) this.#quoted = !this.#quoted
      this.#at += bytesRead
    }
    if (this.#isClosed) await this.#closeHandle()
    return { at: index, quoted: this.#quoted }
  }

  close(): void {
    this.#isClosed = true
    void this.#closeHandle()
  }

  async #closeHandle(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    await handle?.then((file) => file.close()).catch(() => {})
  }
}
