import type { View } from './packed.ts'

export interface ViewClass {
  new (length: number): View
  readonly BYTES_PER_ELEMENT: number
  readonly prototype: View
}

/** In an order that threads of one program agree on. */
export const viewClasses: readonly ViewClass[] = [
  Uint8Array,
  Float64Array,
  Int32Array,
  Float32Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
]

/** The class of a typed array; none for a subclass, a class that is not known here, or any other value. */
export function findViewClass(value: unknown): ViewClass | undefined {
  if (!ArrayBuffer.isView(value)) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  return viewClasses.find((viewClass) => viewClass.prototype === prototype)
}
