import { EisenmpError } from '../errors.ts'
import type { KeysImage } from '../protocol/tool-image.ts'
import { hashText } from './hash-text.ts'
import { HeapBuilder } from './heap-builder.ts'
import { isTextAt } from './text-bytes.ts'
import type { ToolMemory } from './tool-memory.ts'

const FIRST_CAPACITY = 256
/** Slots are numbered with 31 bits, and at most half of them are taken. */
const MAX_KEYS = 2 ** 30

/** Gives every distinct key a place from 0, in the order of their coming. */
export class KeyBuilder {
  readonly #seed: readonly [number, number] = [...crypto.getRandomValues(new Int32Array(2))] as [number, number]
  readonly #memory: ToolMemory
  readonly #heap: HeapBuilder
  #capacity = FIRST_CAPACITY
  #slots: Uint32Array

  constructor(memory: ToolMemory) {
    this.#memory = memory
    this.#heap = new HeapBuilder(memory)
    this.#slots = new Uint32Array(memory.allocate(8 * FIRST_CAPACITY))
  }

  get size(): number {
    return this.#heap.length
  }

  /** The place of the key, which is new when it equals the size before. */
  add(key: string): number {
    const hash = hashText(key, ...this.#seed)
    const slot = this.#find(key, hash)
    const found = this.#slots[2 * slot + 1]!
    if (found !== 0) return found - 1
    const { size } = this
    if (size === MAX_KEYS) throw explainTooMany()
    this.#heap.addText(key)
    this.#slots[2 * slot] = hash
    this.#slots[2 * slot + 1] = size + 1
    if (2 * this.size > this.#capacity) this.#grow()
    return size
  }

  #find(key: string, hash: number): number {
    const mask = this.#capacity - 1
    const { bytes, offsets } = this.#heap
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const place = this.#slots[2 * slot + 1]!
      if (place === 0) return slot
      if (this.#slots[2 * slot] !== hash) continue
      if (isTextAt(bytes.view, offsets.view[place - 1]!, offsets.view[place]!, key)) return slot
    }
  }

  #grow(): void {
    const old = this.#slots
    this.#capacity *= 2
    const mask = this.#capacity - 1
    const slots = new Uint32Array(this.#memory.allocate(8 * this.#capacity))
    for (let i = 0; i < old.length; i += 2) {
      if (old[i + 1] === 0) continue
      let slot = old[i]! & mask
      while (slots[2 * slot + 1] !== 0) slot = (slot + 1) & mask
      slots[2 * slot] = old[i]!
      slots[2 * slot + 1] = old[i + 1]!
    }
    this.#slots = slots
  }

  finish(): KeysImage {
    const slots = { type: 'uint32', length: this.#slots.length, memory: this.#slots.buffer, byteOffset: 0 } as const
    return { size: this.size, seed: this.#seed, heap: this.#heap.finish(), slots }
  }
}

function explainTooMany(): EisenmpError {
  return new EisenmpError('ERR_EISENMP_TOOL', `Cannot build a tool of more than ${MAX_KEYS} keys; use several tools`)
}
