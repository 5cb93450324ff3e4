import type { NumberType, NumbersImage } from '../protocol/tool-image.ts'
import { type TypedArray, getClass } from './number-types.ts'
import { type GrowingBuffer, type ToolMemory, growBuffer } from './tool-memory.ts'

const FIRST_LENGTH = 1024

/** Numbers in memory that become more, and do not move while there is address space: nothing is copied. */
export class GrowingNumbers<A extends TypedArray = TypedArray> {
  readonly #type: NumberType
  readonly #memory: ToolMemory
  #buffer: GrowingBuffer
  /** As long as there is room; {@link length} says how much is used. */
  view: A
  length = 0

  constructor(type: NumberType, memory: ToolMemory) {
    this.#type = type
    this.#memory = memory
    this.#buffer = memory.reserve(FIRST_LENGTH * getClass(type).BYTES_PER_ELEMENT)
    this.view = this.#createView()
  }

  /** Of a fixed length: such views are as fast as those of shared memory that cannot grow. */
  #createView(): A {
    const Class = getClass(this.#type)
    return new Class(this.#buffer, 0, this.#buffer.byteLength / Class.BYTES_PER_ELEMENT) as A
  }

  /** Makes room for so many more. */
  makeRoom(count: number): void {
    if (this.length + count <= this.view.length) return
    const old = this.view
    const byteLength = Math.max(this.length + count, old.length * 2) * old.BYTES_PER_ELEMENT
    const mustMove = byteLength > this.#buffer.maxByteLength
    if (mustMove) this.#buffer = this.#memory.reserve(byteLength)
    else growBuffer(this.#buffer, byteLength)
    this.view = this.#createView()
    if (mustMove) this.view.set(old as never)
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
