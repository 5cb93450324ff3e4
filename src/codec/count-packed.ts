import type { Codec, Packed, PackedValues } from './packed.ts'

/** How many values there are. Never more than were there in memory when they came in. */
export function countPacked(values: PackedValues): number {
  if (Array.isArray(values)) return values.length
  const packed = values as Packed
  if (packed.kind === 'rows') return packed.length
  if (packed.kind === 'sparse') return packed.blanks.length
  return packed.kind === 'strings' || packed.kind === 'views' ? packed.lengths.length : packed.data.length
}

export function nameCodec(values: PackedValues): Codec {
  if (Array.isArray(values)) return 'clone'
  const packed = values as Packed
  return packed.kind === 'sparse' ? packed.dense.kind : packed.kind
}
