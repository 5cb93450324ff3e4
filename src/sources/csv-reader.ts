import type { Anchor, CsvFormat, IndexedSpec } from '../protocol/indexed-spec.ts'
import type { Block, OpenedSource } from '../stream/indexed-source.ts'
import { explainWidth, pickField, splitRecord } from './csv-record.ts'
import { BLOCK_BYTES, TextFile, TextPiece } from './text-file.ts'

const LF = 10
const CR = 13
const QUOTE = 34

/** Whether the number of quotes is odd. */
export function hasOddQuotes(bytes: Uint8Array): boolean {
  if (!bytes.includes(QUOTE)) return false
  let odd = 0
  for (let i = 0; i < bytes.length; i++) if (bytes[i] === QUOTE) odd ^= 1
  return odd === 1
}

/** Where the record ends that begins at `start`: at its line feed, or at the end of the file. */
export function findRecordEnd(piece: TextPiece, start: number, quotes: boolean): number {
  let quoted = false
  let at = start - piece.base
  for (;;) {
    const { bytes } = piece
    if (!quoted) {
      const end = bytes.indexOf(LF, at)
      const quote = quotes ? bytes.indexOf(QUOTE, at) : -1
      if (end >= 0 && (quote < 0 || end < quote)) return piece.base + end
      if (quote >= 0) {
        quoted = true
        at = quote + 1
        continue
      }
    } else {
      const quote = bytes.indexOf(QUOTE, at)
      if (quote >= 0) {
        quoted = false
        at = quote + 1
        continue
      }
    }
    if (piece.isAtEnd) return piece.end
    at = bytes.length
    piece.extend()
  }
}

/** Reads the records that begin in a stretch of a file, wherever it was cut. */
export class CsvReader implements OpenedSource {
  readonly blockLength: number = BLOCK_BYTES
  readonly #file: TextFile
  readonly #format: CsvFormat
  /** The first record from `at` on begins at `start`. */
  #known: { readonly at: number; readonly start: number }

  constructor({ file, format }: Extract<IndexedSpec, { readonly kind: 'csv' }>) {
    this.#file = new TextFile(file)
    this.#format = format
    this.#known = { at: 0, start: format.start }
  }

  read(from: number, to: number, anchor: Anchor | undefined): Block {
    const items: unknown[] = []
    const positions: number[] = []
    let start = this.#findStart(from, anchor)
    this.#known = { at: from, start }
    if (start >= to) return { items, positions }
    const piece = new TextPiece(this.#file, start, to)
    while (start < to && start < this.#file.size) {
      const end = findRecordEnd(piece, start, this.#format.quotes)
      const isWindows = end > start && end < this.#file.size && piece.at(end - 1) === CR
      const last = isWindows ? end - 1 : end
      const position = start
      start = end + 1
      this.#known = { at: position + 1, start }
      // An empty line is no record.
      if (last === position) continue
      try {
        items.push(this.#toItem(piece.slice(position, last)))
        positions.push(position)
      } catch (error) {
        return { items, positions, failed: { at: position, next: start, error } }
      }
    }
    return { items, positions }
  }

  /** A line feed ends a record only outside quotes, and quotes are known from the anchor on. */
  #findStart(from: number, anchor: Anchor | undefined): number {
    const { start, quotes } = this.#format
    const known = this.#known
    if (from <= start) return start
    if (known.at <= from && from <= known.start) return known.start
    const { at, quoted } = anchor ?? { at: start, quoted: false }
    const isQuoted = quotes && this.#isQuoted(at, quoted, from)
    if (!isQuoted && this.#file.read(from - 1, from)[0] === LF) return from
    return this.#findNext(from, isQuoted)
  }

  #isQuoted(at: number, quoted: boolean, to: number): boolean {
    let isQuoted = quoted
    for (let from = at; from < to; from += BLOCK_BYTES) {
      if (hasOddQuotes(this.#file.read(from, Math.min(to, from + BLOCK_BYTES)))) isQuoted = !isQuoted
    }
    return isQuoted
  }

  #findNext(from: number, isQuoted: boolean): number {
    let quoted = isQuoted
    for (let at = from; at < this.#file.size; at += BLOCK_BYTES) {
      const bytes = this.#file.read(at, at + BLOCK_BYTES)
      for (let i = 0; i < bytes.length; i++) {
        if (bytes[i] === QUOTE && this.#format.quotes) quoted = !quoted
        else if (bytes[i] === LF && !quoted) return at + i + 1
      }
    }
    return this.#file.size
  }

  #toItem(text: string): unknown {
    const { pick, width } = this.#format
    if (typeof pick === 'number') return pickField(text, pick, width, this.#format)
    const fields = splitRecord(text, this.#format)
    if (fields.length !== width) throw explainWidth(fields.length, width)
    const record: Record<string, string> = {}
    for (const [name, position] of pick) record[name] = fields[position]!
    return record
  }

  close(): void {
    this.#file.close()
  }
}
