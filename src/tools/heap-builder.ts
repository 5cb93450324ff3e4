import { EisenmpError } from '../errors.ts'
import type { HeapImage } from '../protocol/tool-image.ts'
import { GrowingNumbers } from './growing-numbers.ts'
import { MAX_TEXT_BYTES, encodeText } from './text-bytes.ts'
import type { ToolMemory } from './tool-memory.ts'

/** Puts texts or bytes one behind the other. */
export class HeapBuilder {
  readonly bytes: GrowingNumbers<Uint8Array>
  // Not 32 bits: there may be more than 4 GB.
  readonly offsets: GrowingNumbers<Float64Array>

  constructor(memory: ToolMemory) {
    this.bytes = new GrowingNumbers('uint8', memory)
    this.offsets = new GrowingNumbers('float64', memory)
    this.offsets.push(0)
  }

  get length(): number {
    return this.offsets.length - 1
  }

  addText(text: string): void {
    this.addBytes(encodeText(text))
  }

  /** @throws EisenmpError `ERR_EISENMP_SIZE` */
  addBytes(bytes: Uint8Array): void {
    if (bytes.length > MAX_TEXT_BYTES) throw explainSize(bytes.length)
    this.bytes.append(bytes)
    this.offsets.push(this.bytes.length)
  }

  finish(): HeapImage {
    return { length: this.length, bytes: this.bytes.finish(), offsets: this.offsets.finish() }
  }
}

function explainSize(length: number): EisenmpError {
  const text = `Cannot put a text or bytes into a tool as larger than ${MAX_TEXT_BYTES} bytes: it has ${length}`
  return new EisenmpError('ERR_EISENMP_SIZE', `${text}; cut it into several`)
}
