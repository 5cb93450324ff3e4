import { Buffer, isAscii } from 'node:buffer'
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EisenmpError } from '../errors.ts'
import { summarizeThrown } from '../internal/describe-thrown.ts'
import { showValue } from '../options.ts'
import type { TextFileSpec } from '../protocol/indexed-spec.ts'

/** Bytes that are read at once. */
export const BLOCK_BYTES: number = 64 * 1024

/**
 * Looks what a file is now, so that it is known later whether it is still the same.
 *
 * @throws EisenmpError `ERR_EISENMP_SOURCE`
 */
export function describeFile(file: string | URL): TextFileSpec {
  if (typeof file !== 'string' && !(file instanceof URL)) {
    const text = `Cannot read ${showValue(file)} as a file; give a path or a file: URL`
    throw new EisenmpError('ERR_EISENMP_SOURCE', text)
  }
  try {
    const path = file instanceof URL ? fileURLToPath(file) : resolve(file)
    const found = statSync(path)
    if (!found.isFile()) throw new TypeError('it is no regular file, which alone can be read at any place')
    return { path, size: found.size, modifiedMs: found.mtimeMs }
  } catch (error) {
    const text = `Cannot read ${String(file)}: ${summarizeThrown(error)}`
    throw new EisenmpError('ERR_EISENMP_SOURCE', text, { cause: error })
  }
}

/** A file that is read at any place. */
export class TextFile {
  readonly size: number
  readonly #fd: number

  /** Throws when the file is not the one that was described. */
  constructor({ path, size, modifiedMs }: TextFileSpec) {
    this.#fd = openSync(path, 'r')
    this.size = size
    const found = fstatSync(this.#fd)
    if (found.size === size && found.mtimeMs === modifiedMs) return
    closeSync(this.#fd)
    throw new Error(`${path} has changed since its source was made; make the source again`)
  }

  /** Bytes from `from` up to `to`, or to the end of the file. */
  read(from: number, to: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(to, this.size) - from))
    let length = 0
    while (length < bytes.length) {
      const count = readSync(this.#fd, bytes, length, bytes.length - length, from + length)
      if (count === 0) throw new Error('the file has become shorter while it was read')
      length += count
    }
    return bytes
  }

  close(): void {
    closeSync(this.#fd)
  }
}

/** A piece of a file as text; where all is ASCII it is decoded at once. */
export class TextPiece {
  /** Place of the first byte in the file. */
  readonly base: number
  bytes: Buffer
  readonly #file: TextFile
  #text: string | undefined

  constructor(file: TextFile, from: number, to: number) {
    this.#file = file
    this.base = from
    this.bytes = file.read(from, to)
    this.#text = isAscii(this.bytes) ? this.bytes.toString('latin1') : undefined
  }

  get end(): number {
    return this.base + this.bytes.length
  }

  get isAtEnd(): boolean {
    return this.end >= this.#file.size
  }

  /** Reads on, at least as much again. */
  extend(): void {
    const more = this.#file.read(this.end, this.end + Math.max(BLOCK_BYTES, this.bytes.length))
    this.bytes = Buffer.concat([this.bytes, more])
    this.#text = this.#text !== undefined && isAscii(more) ? this.#text + more.toString('latin1') : undefined
  }

  /** Text between two places in the file. */
  slice(from: number, to: number): string {
    const [start, end] = [from - this.base, to - this.base]
    const text = this.#text === undefined ? this.bytes.toString('utf8', start, end) : this.#text.slice(start, end)
    return from === 0 && text.startsWith('\uFEFF') ? text.slice(1) : text
  }

  /** The byte at a place in the file. */
  at(place: number): number {
    return this.bytes[place - this.base]!
  }
}
