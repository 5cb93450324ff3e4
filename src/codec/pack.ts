import { isDate, packColumn } from './pack-column.ts'
import { packViews } from './pack-views.ts'
import { packRows } from './pack-rows.ts'
import type { PackedValues } from './packed.ts'

export { isPacked } from './check-packed.ts'
export { countPacked, nameCodec } from './count-packed.ts'
export type { Codec, Packed, PackedValues } from './packed.ts'
export { unpack } from './unpack.ts'

/** Fewer values than this are not worth looking at. */
const PACK_FROM = 8

/** Packs values when they are all of one kind; gives the same array when they are not. They MUST be results of `snapshot`. */
export function pack(values: readonly unknown[]): PackedValues {
  if (values.length < PACK_FROM) return values
  const [first] = values
  if (ArrayBuffer.isView(first)) return packViews(values) ?? values
  return typeof first !== 'object' || first === null || isDate(first) ? packColumn(values) : packRows(values, first)
}
