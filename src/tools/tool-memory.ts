import { EisenmpError } from '../errors.ts'

/**
 * Address space is reserved, memory is taken when it is written. There are 128 TiB of it in a process on Linux, and shared
 * memory keeps its part until it is collected: many small tools must not use it up, since native code dies without it.
 */
const SMALL_BYTES = 2 ** 26
/** What has outgrown the small reservation moves once, into 256 GiB or what can be had. */
const LARGE_BYTES = 2 ** 38

/** Memory that grows where it is, while there is address space. */
export type GrowingBuffer = SharedArrayBuffer | ArrayBuffer

/** The memory that one tool is built in: shared with all threads, or of this one alone, and then it can be freed at once. */
export class ToolMemory {
  readonly isShared: boolean
  readonly #owned: ArrayBuffer[] = []

  constructor(isShared: boolean) {
    this.isShared = isShared
  }

  #make(byteLength: number, options?: { readonly maxByteLength: number }): GrowingBuffer {
    if (this.isShared) return new SharedArrayBuffer(byteLength, options)
    const buffer = new ArrayBuffer(byteLength, options)
    this.#owned.push(buffer)
    return buffer
  }

  /** @throws EisenmpError `ERR_EISENMP_TOOL` */
  allocate(byteLength: number): GrowingBuffer {
    try {
      return this.#make(byteLength)
    } catch (error) {
      throw explainNoMemory(byteLength, error)
    }
  }

  /**
   * Memory that can grow.
   *
   * @throws EisenmpError `ERR_EISENMP_TOOL`
   */
  reserve(byteLength: number): GrowingBuffer {
    let maxByteLength = byteLength <= SMALL_BYTES ? SMALL_BYTES : Math.max(LARGE_BYTES, byteLength)
    for (;;) {
      try {
        return this.#make(byteLength, { maxByteLength })
      } catch (error) {
        maxByteLength = Math.floor(maxByteLength / 4)
        if (maxByteLength < Math.max(SMALL_BYTES, byteLength)) throw explainNoMemory(byteLength, error)
      }
    }
  }

  /** Gives back what is not shared, without waiting for the garbage collector. */
  free(): void {
    for (const buffer of this.#owned.splice(0)) if (!buffer.detached) buffer.transferToFixedLength(0)
  }
}

/** @throws EisenmpError `ERR_EISENMP_TOOL` */
export function growBuffer(buffer: GrowingBuffer, byteLength: number): void {
  try {
    if (buffer instanceof SharedArrayBuffer) buffer.grow(byteLength)
    else buffer.resize(byteLength)
  } catch (error) {
    throw explainNoMemory(byteLength, error)
  }
}

function explainNoMemory(byteLength: number, cause: unknown): EisenmpError {
  const text = `Cannot build a tool in memory: ${byteLength} bytes cannot be had; use fewer data or a larger machine`
  return new EisenmpError('ERR_EISENMP_TOOL', text, { cause })
}
