import {
  IS_NULL,
  IS_VALUE,
  type Packed,
  type PackedValues,
  type Rows,
  type Sparse,
  type Strings,
  type Views,
} from './packed.ts'

/** Makes the values again. */
export function unpack(values: PackedValues): readonly unknown[] {
  return Array.isArray(values) ? values : unpackKind(values as Packed)
}

function unpackKind(packed: Packed): readonly unknown[] {
  switch (packed.kind) {
    case 'integers':
    case 'doubles':
      return unpackNumbers(packed.data)
    case 'booleans':
      return unpackBooleans(packed.data)
    case 'dates':
      return unpackDates(packed.data)
    case 'strings':
      return unpackStrings(packed)
    case 'sparse':
      return unpackSparse(packed)
    case 'views':
      return unpackViews(packed)
    default:
      return unpackRows(packed)
  }
}

// Each kind has its own loop: a shared one that calls back is slower than everything else here together.

function unpackNumbers(data: Int32Array | Float64Array): unknown[] {
  const values = new Array<unknown>(data.length)
  for (let i = 0; i < data.length; i++) values[i] = data[i]
  return values
}

function unpackBooleans(data: Uint8Array): unknown[] {
  const values = new Array<unknown>(data.length)
  for (let i = 0; i < data.length; i++) values[i] = data[i] === 1
  return values
}

function unpackDates(data: Float64Array): unknown[] {
  const values = new Array<unknown>(data.length)
  for (let i = 0; i < data.length; i++) values[i] = new Date(data[i]!)
  return values
}

function unpackStrings({ lengths, text }: Strings): unknown[] {
  const values = new Array<unknown>(lengths.length)
  let end = 0
  for (let i = 0; i < lengths.length; i++) values[i] = text.slice(end, (end += lengths[i]!))
  return values
}

function unpackViews({ lengths, data }: Views): unknown[] {
  const values = new Array<unknown>(lengths.length)
  let end = 0
  // A slice has a buffer of its own: one view kept by the consumer must not hold the bytes of its chunk.
  for (let i = 0; i < lengths.length; i++) values[i] = data.slice(end, (end += lengths[i]!))
  return values
}

function unpackSparse({ blanks, dense }: Sparse): unknown[] {
  const others = unpackKind(dense)
  const values = new Array<unknown>(blanks.length)
  let next = 0
  for (let i = 0; i < blanks.length; i++) {
    if (blanks[i] === IS_VALUE) values[i] = others[next++]
    else values[i] = blanks[i] === IS_NULL ? null : undefined
  }
  return values
}

function unpackRows({ length, keys, columns }: Rows): unknown[] {
  const unpacked = columns.map(unpack)
  const values = new Array<unknown>(length)
  for (let row = 0; row < length; row++) {
    const value: Record<string, unknown> = {}
    for (let at = 0; at < keys.length; at++) value[keys[at]!] = unpacked[at]![row]
    values[row] = value
  }
  return values
}
