import type { Packed, PackedValues } from '../../codec/pack.ts'
import { findViewClass, viewClasses } from '../../codec/view-classes.ts'
import { type CursorReader, type CursorWriter, measureBlock, measureText } from './cursor.ts'

// The first integer of each kind; the second is a length.
const INTEGERS = 1
const DOUBLES = 2
const BOOLEANS = 3
const STRINGS = 4
const SPARSE = 5
const ROWS = 6
/** A few values that are not worth packing, each for itself. */
const SINGLES = 7
const VIEWS = 8
const DATES = 9
/** Kinds that are one block. A kind that is missing here does not compile. */
const blocks = { integers: INTEGERS, doubles: DOUBLES, booleans: BOOLEANS, dates: DATES } as const

/** More single values go by structured clone. */
const MAX_SINGLES = 16
const UNDEFINED = 0
const NULL = 1
const FALSE = 2
const TRUE = 3
const NUMBER = 4
const STRING = 5

const HEAD_BYTES = 8

/** Bytes that {@link writeValues} takes; `undefined` when these values have to go by structured clone. */
export function measureValues(values: PackedValues): number | undefined {
  return Array.isArray(values) ? measureSingles(values) : measurePacked(values as Packed)
}

function measureSingles(values: readonly unknown[]): number | undefined {
  if (values.length > MAX_SINGLES) return undefined
  let bytes = HEAD_BYTES
  for (const value of values) {
    bytes += HEAD_BYTES
    if (typeof value === 'number') bytes += 8
    else if (typeof value === 'string') bytes += measureText(value)
    else if (value !== undefined && value !== null && typeof value !== 'boolean') return undefined
  }
  return bytes
}

function measurePacked(packed: Packed): number | undefined {
  switch (packed.kind) {
    case 'strings':
      return HEAD_BYTES + measureBlock(packed.lengths) + measureText(packed.text)
    case 'sparse':
      return add(HEAD_BYTES + measureBlock(packed.blanks), measurePacked(packed.dense))
    case 'views':
      return 2 * HEAD_BYTES + measureBlock(packed.lengths) + measureBlock(packed.data)
    case 'rows':
      return measureRows(packed)
    default:
      return HEAD_BYTES + measureBlock(packed.data)
  }
}

function add(bytes: number | undefined, more: number | undefined): number | undefined {
  return bytes === undefined || more === undefined ? undefined : bytes + more
}

function measureRows({ keys, columns }: Extract<Packed, { readonly kind: 'rows' }>): number | undefined {
  let bytes: number | undefined = 2 * HEAD_BYTES
  for (const key of keys) bytes += measureText(key)
  for (const column of columns) bytes = add(bytes, measureValues(column))
  return bytes
}

/** Writes values that {@link measureValues} has a size for. */
export function writeValues(values: PackedValues, to: CursorWriter): void {
  if (Array.isArray(values)) return writeSingles(values, to)
  const packed = values as Packed
  switch (packed.kind) {
    case 'strings':
      to.ints(STRINGS, packed.lengths.length)
      to.block(packed.lengths)
      return to.text(packed.text)
    case 'sparse':
      to.ints(SPARSE, packed.blanks.length)
      to.block(packed.blanks)
      return writeValues(packed.dense, to)
    case 'views':
      to.ints(VIEWS, packed.lengths.length)
      to.block(packed.lengths)
      to.ints(viewClasses.indexOf(findViewClass(packed.data)!), packed.data.length)
      return to.block(packed.data)
    case 'rows':
      to.ints(ROWS, packed.length)
      to.ints(packed.keys.length, 0)
      for (const key of packed.keys) to.text(key)
      for (const column of packed.columns) writeValues(column, to)
      return
    default:
      to.ints(blocks[packed.kind], packed.data.length)
      to.block(packed.data)
  }
}

function writeSingles(values: readonly unknown[], to: CursorWriter): void {
  to.ints(SINGLES, values.length)
  for (const value of values) {
    if (typeof value === 'number') {
      to.ints(NUMBER, 0)
      to.double(value)
    } else if (typeof value === 'string') {
      to.ints(STRING, 0)
      to.text(value)
    } else if (typeof value === 'boolean') to.ints(value ? TRUE : FALSE, 0)
    else to.ints(value === null ? NULL : UNDEFINED, 0)
  }
}

/**
 * Reads values. What comes out has the form of packed values, but need not be sound: `isPacked` tells.
 *
 * @throws RangeError when there is no such kind, or the record ends too early.
 */
export function readValues(from: CursorReader): PackedValues {
  const [kind, length] = from.ints()
  switch (kind) {
    case SINGLES:
      return readSingles(from, length)
    case ROWS:
      return readRows(from, length)
    case VIEWS:
      return readViews(from, length)
    case SPARSE:
      return { kind: 'sparse', blanks: from.block(Uint8Array, length), dense: readValues(from) as never }
    default:
      return readDense(from, kind, length)
  }
}

function readDense(from: CursorReader, kind: number, length: number): Packed {
  switch (kind) {
    case INTEGERS:
      return { kind: 'integers', data: from.block(Int32Array, length) }
    case DOUBLES:
      return { kind: 'doubles', data: from.block(Float64Array, length) }
    case BOOLEANS:
      return { kind: 'booleans', data: from.block(Uint8Array, length) }
    case DATES:
      return { kind: 'dates', data: from.block(Float64Array, length) }
    case STRINGS:
      return { kind: 'strings', lengths: from.block(Uint8Array, length), text: from.text() }
    default:
      throw new RangeError(`values in shared memory are of kind ${kind}, which there is not`)
  }
}

function readViews(from: CursorReader, count: number): Packed {
  const lengths = from.block(Uint32Array, count)
  const [kind, length] = from.ints()
  const viewClass = viewClasses[kind]
  if (viewClass === undefined) throw new RangeError(`views in shared memory are of kind ${kind}, which there is not`)
  return { kind: 'views', lengths, data: from.block(viewClass, length) }
}

function readRows(from: CursorReader, length: number): Packed {
  const [width] = from.ints()
  const keys: string[] = []
  const columns: PackedValues[] = []
  for (let i = 0; i < width; i++) keys.push(from.text())
  for (let i = 0; i < width; i++) columns.push(readValues(from))
  return { kind: 'rows', length, keys, columns }
}

function readSingles(from: CursorReader, length: number): readonly unknown[] {
  const values: unknown[] = []
  for (let i = 0; i < length; i++) values.push(readSingle(from))
  return values
}

function readSingle(from: CursorReader): unknown {
  const [kind] = from.ints()
  switch (kind) {
    case NUMBER: {
      const value = from.double()
      const whole = value | 0
      // V8 compiles a task for whole numbers anew when one of them comes in the form of a double.
      return Object.is(whole, value) ? whole : value
    }
    case STRING:
      return from.text()
    case UNDEFINED:
      return undefined
    default:
      return kind === NULL ? null : kind === TRUE
  }
}
