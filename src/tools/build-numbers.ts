import { open } from 'node:fs/promises'
import { EisenmpError } from '../errors.ts'
import type { NumberType, NumbersImage } from '../protocol/tool-image.ts'
import { GrowingNumbers } from './growing-numbers.ts'
import { type TypedArray, findType, getClass } from './number-types.ts'
import { type FilePath, type Items, explainItem, isFilePath, visitItems } from './read-source.ts'
import type { ToolMemory } from './tool-memory.ts'

const READ_BYTES = 2 ** 24

/** What numbers can be made of. */
export type NumberSource = TypedArray | ArrayBufferLike | FilePath | Items<unknown>

export function isBuffer(source: unknown): source is ArrayBufferLike {
  return source instanceof SharedArrayBuffer || source instanceof ArrayBuffer
}

/**
 * Puts numbers into one piece of memory: shared when it has to be, and without a copy when they are there already.
 *
 * @param type - What they are; an array of another type is read number by number.
 */
export async function buildNumbers(type: NumberType, source: NumberSource, memory: ToolMemory): Promise<NumbersImage> {
  if (isFilePath(source)) return readFileNumbers(type, source, memory)
  const view = isBuffer(source) ? viewBuffer(type, source) : source
  if (!isArrayOf(type, view)) return collectNumbers(type, view, memory)
  if (!memory.isShared || view.buffer instanceof SharedArrayBuffer) {
    return { type, length: view.length, memory: view.buffer, byteOffset: view.byteOffset }
  }
  const shared = memory.allocate(view.byteLength)
  new (getClass(type))(shared).set(view as never)
  return { type, length: view.length, memory: shared, byteOffset: 0 }
}

function isArrayOf(type: NumberType, source: TypedArray | Items<unknown>): source is TypedArray {
  return findType(source) === type
}

function viewBuffer(type: NumberType, buffer: ArrayBufferLike): TypedArray {
  checkLength(type, buffer.byteLength, 'the buffer')
  return new (getClass(type))(buffer)
}

function checkLength(type: NumberType, byteLength: number, what: string): void {
  const size = getClass(type).BYTES_PER_ELEMENT
  if (byteLength % size === 0) return
  const text = `Cannot use ${what} as numbers of ${size} bytes each: it has ${byteLength} bytes`
  throw new EisenmpError('ERR_EISENMP_TOOL', `${text}; check its type, or cut off what is too much`)
}

/** The bytes of a file are the numbers, as this machine keeps them. */
async function readFileNumbers(type: NumberType, path: FilePath, memory: ToolMemory): Promise<NumbersImage> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    checkLength(type, size, `the file ${String(path)}`)
    const buffer = memory.allocate(size)
    let at = 0
    while (at < size) {
      const view = new Uint8Array(buffer, at, Math.min(READ_BYTES, size - at))
      const { bytesRead } = await file.read(view, 0, view.length, at)
      if (bytesRead === 0) {
        throw new EisenmpError('ERR_EISENMP_TOOL', `Cannot read the file ${String(path)}: it became shorter meanwhile`)
      }
      at += bytesRead
    }
    return { type, length: size / getClass(type).BYTES_PER_ELEMENT, memory: buffer, byteOffset: 0 }
  } finally {
    await file.close()
  }
}

/** Numbers, or arrays of that type, one after the other. */
async function collectNumbers(type: NumberType, source: Items<unknown>, memory: ToolMemory): Promise<NumbersImage> {
  const numbers = new GrowingNumbers(type, memory)
  const wanted = type.startsWith('big') ? 'bigint' : 'number'
  await visitItems(source, (item) => {
    if (typeof item === wanted) numbers.push(item as never)
    else if (findType(item) === type) numbers.append(item as TypedArray)
    else throw explainItem(`item ${numbers.length} of the source`, `a ${wanted} or an array of type ${type}`, item)
  })
  return numbers.finish()
}
