import type { NumberType, NumbersImage } from '../protocol/tool-image.ts'

const classes = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
  bigInt64: BigInt64Array,
  bigUint64: BigUint64Array,
} as const

/** Any typed array of numbers. */
export type TypedNumbers =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array

/** Any typed array of bigints. */
export type TypedBigInts = BigInt64Array | BigUint64Array

/** Any typed array. */
export type TypedArray = TypedNumbers | TypedBigInts

/** What all classes of typed arrays have alike. */
export interface TypedArrayClass<A extends TypedArray = TypedArray> {
  /** Bytes of one element. */
  readonly BYTES_PER_ELEMENT: number
  /** Makes an array of zeros. */
  new (length: number): A
  /** Makes a view of memory. */
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): A
}

export function getClass(type: NumberType): TypedArrayClass {
  return classes[type]
}

/** The name for a class or for what an array is made of; `undefined` for anything else. */
export function findType(given: unknown): NumberType | undefined {
  const isClass = typeof given === 'function'
  for (const [name, found] of Object.entries(classes)) {
    if (isClass ? given === found : given instanceof found) return name as NumberType
  }
  // Clamping is a matter of writing, and tools are only read.
  if (isClass ? given === Uint8ClampedArray : given instanceof Uint8ClampedArray) return 'uint8'
  return undefined
}

/** A view of numbers in memory; `undefined` when they are in a file. */
export function viewNumbers(image: NumbersImage): TypedArray | undefined {
  if (!('memory' in image)) return undefined
  return new (getClass(image.type))(image.memory, image.byteOffset, image.length)
}
