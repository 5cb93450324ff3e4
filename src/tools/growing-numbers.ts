import type { NumberType, NumbersImage } from '../protocol/tool-image.ts'
import { EisenmpError } from '../errors.ts'
import { type TypedArray, getClass } from './number-types.ts'

/** Address space is reserved, memory is taken when it is written: 256 GiB, or what can be had. */
const RESERVED_BYTES = 2 ** 38
const LEAST_RESERVED_BYTES = 2 ** 26
const FIRST_LENGTH = 1024

function reserve(byteLength: number): SharedArrayBuffer {
  let maxByteLength = Math.max(RESERVED_BYTES, byteLength)
  for (;;) {
    try {
      return new SharedArrayBuffer(byteLength, { maxByteLength })
    } catch (error) {
      maxByteLength = Math.floor(maxByteLength / 4)
      if (maxByteLength < Math.max(LEAST_RESERVED_BYTES, byteLength)) throw explainNoMemory(byteLength, error)
    }
  }
}

function explainNoMemory(byteLength: number, cause: unknown): EisenmpError {
  const text = `Cannot build a tool in memory: ${byteLength} bytes cannot be had; use fewer data or a larger machine`
  return new EisenmpError('ERR_EISENMP_TOOL', text, { cause })
}

/** Shared memory of a size that is known. */
export function allocate(byteLength: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(byteLength)
  } catch (error) {
    throw explainNoMemory(byteLength, error)
  }
}

/** Numbers in shared memory that become more, and never move while there is address space: nothing is copied. */
export class GrowingNumbers<A extends TypedArray = TypedArray> {
  readonly #type: NumberType
  #buffer: SharedArrayBuffer
  /** As long as there is room; {@link length} says how much is used. */
  view: A
  length = 0

  constructor(type: NumberType) {
    this.#type = type
    this.#buffer = reserve(FIRST_LENGTH * getClass(type).BYTES_PER_ELEMENT)
    this.view = this.#createView()
  }

  /** Of a fixed length: such views are as fast as those of memory that cannot grow. */
  #createView(): A {
    const Class = getClass(this.#type)
    return new Class(this.#buffer, 0, this.#buffer.byteLength / Class.BYTES_PER_ELEMENT) as A
  }

  /** Makes room for so many more. */
  makeRoom(count: number): void {
    if (this.length + count <= this.view.length) return
    const length = Math.max(this.length + count, this.view.length * 2)
    const byteLength = length * this.view.BYTES_PER_ELEMENT
    if (byteLength <= this.#buffer.maxByteLength) this.#grow(byteLength)
    else this.#move(byteLength)
  }

  #grow(byteLength: number): void {
    try {
      this.#buffer.grow(byteLength)
    } catch (error) {
      throw explainNoMemory(byteLength, error)
    }
    this.view = this.#createView()
  }

  #move(byteLength: number): void {
    const old = this.view
    this.#buffer = reserve(byteLength)
    this.view = this.#createView()
    this.view.set(old as never)
  }

  push(value: A[number]): void {
    this.makeRoom(1)
    this.view[this.length] = value
    this.length += 1
  }

  append(values: A): void {
    this.makeRoom(values.length)
    this.view.set(values as never, this.length)
    this.length += values.length
  }

  finish(): NumbersImage {
    return { type: this.#type, length: this.length, memory: this.#buffer, byteOffset: 0 }
  }
}
