import type { View, Views } from './packed.ts'
import { findViewClass } from './view-classes.ts'

/** In a block, bytes are copied once more on each side; above this that costs more than views one by one. */
const MAX_AVERAGE_BYTES = 512

/** Packs typed arrays of one class when each fills a buffer of its own that is like any other. */
export function packViews(values: readonly unknown[]): Views | undefined {
  const viewClass = findViewClass(values[0])
  if (viewClass === undefined) return undefined
  const { prototype } = viewClass
  const lengths = new Uint32Array(values.length)
  const limit = MAX_AVERAGE_BYTES * values.length
  let bytes = 0
  let length = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== prototype) return undefined
    const view = value as View
    if (!isWhole(view) || (bytes += view.byteLength) > limit) return undefined
    length += lengths[i] = view.length
  }
  const data = new viewClass(length) as Uint8Array
  let at = 0
  for (let i = 0; i < values.length; i++) {
    data.set(values[i] as Uint8Array, at)
    at += lengths[i]!
  }
  return { kind: 'views', lengths, data }
}

/** Whether a view is all there is to its buffer, and that cannot change. */
function isWhole(view: View): boolean {
  const { buffer } = view
  return buffer instanceof ArrayBuffer && buffer.byteLength === view.byteLength && !buffer.resizable
}
