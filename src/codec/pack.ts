/**
 * Values of one kind, in a form that structured clone copies as blocks of memory instead of value by value. What comes
 * out of {@link unpack} is what structured clone would have made of the values themselves.
 */
export type Packed =
  | Dense
  | Sparse
  /** Plain objects with the same keys in the same order: one column for each key. */
  | {
      readonly kind: 'rows'
      readonly length: number
      readonly keys: readonly string[]
      readonly columns: readonly Column[]
    }

type Dense =
  | { readonly kind: 'integers'; readonly data: Int32Array }
  | { readonly kind: 'doubles'; readonly data: Float64Array }
  | { readonly kind: 'booleans'; readonly data: Uint8Array }
  /** `text` is all of them in a row. */
  | { readonly kind: 'strings'; readonly lengths: Uint8Array; readonly text: string }

/** Values of one kind with `undefined` and `null` among them. */
interface Sparse {
  readonly kind: 'sparse'
  /** What stands at each place: a value, `undefined` or `null`. */
  readonly blanks: Uint8Array
  readonly dense: Dense
}

/** Primitive values of one key, or of one chunk. */
type Column = Dense | Sparse | readonly unknown[]

/** Values as they travel. */
export type PackedValues = Packed | readonly unknown[]

/** How values travelled: `clone` is value by value; those with blanks among them count as what the others are. */
export type Codec = Exclude<Packed['kind'], 'sparse'> | 'clone'

const IS_VALUE = 0
const IS_UNDEFINED = 1
const IS_NULL = 2

/** Fewer values than this are not worth looking at. */
const PACK_FROM = 8
/**
 * A longer part of a string keeps the whole of it alive (V8 makes no sliced string below 13 units): a single word kept
 * by the consumer would hold the text of its chunk.
 */
const MAX_STRING = 12
/** Listing the members of a column costs more than going through it; a shorter one does no harm, whatever is in it. */
const UNCOUNTED_LENGTH = 10_000
/** Wider objects win less and less. */
const MAX_KEYS = 64

/** Packs values when they are all of one kind; gives the same array when they are not. They MUST be results of `snapshot`. */
export function pack(values: readonly unknown[]): PackedValues {
  if (values.length < PACK_FROM) return values
  const [first] = values
  return typeof first === 'object' && first !== null ? packRows(values, first) : packColumn(values)
}

function packColumn(values: readonly unknown[]): Column {
  const dense = packDense(values)
  return dense === undefined ? (packSparse(values) ?? values) : dense
}

function packSparse(values: readonly unknown[]): Sparse | undefined {
  const blanks = new Uint8Array(values.length)
  const others: unknown[] = []
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === undefined) blanks[i] = IS_UNDEFINED
    else if (value === null) blanks[i] = IS_NULL
    // What is neither a blank nor like the first value that is none, ends it all.
    else if (others.push(value) > 1 && typeof value !== typeof others[0]) return undefined
  }
  if (others.length === 0 || others.length === values.length) return undefined
  const dense = packDense(others)
  return dense === undefined ? undefined : { kind: 'sparse', blanks, dense }
}

function packDense(values: readonly unknown[]): Dense | undefined {
  switch (typeof values[0]) {
    case 'number':
      return packNumbers(values)
    case 'boolean':
      return packBooleans(values)
    case 'string':
      return packStrings(values)
    default:
      return undefined
  }
}

function packNumbers(values: readonly unknown[]): Dense | undefined {
  const integers = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'number') return undefined
    // `Object.is` keeps -0 apart, which an integer cannot be.
    if (!Object.is(value | 0, value)) return packDoubles(values, integers, i)
    integers[i] = value
  }
  return { kind: 'integers', data: integers }
}

function packDoubles(values: readonly unknown[], integers: Int32Array, from: number): Dense | undefined {
  const data = new Float64Array(values.length)
  for (let i = 0; i < from; i++) data[i] = integers[i]!
  for (let i = from; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'number') return undefined
    data[i] = value
  }
  return { kind: 'doubles', data }
}

function packBooleans(values: readonly unknown[]): Dense | undefined {
  const data = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'boolean') return undefined
    if (value) data[i] = 1
  }
  return { kind: 'booleans', data }
}

function packStrings(values: readonly unknown[]): Dense | undefined {
  const lengths = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (typeof value !== 'string' || value.length > MAX_STRING) return undefined
    lengths[i] = value.length
  }
  return { kind: 'strings', lengths, text: values.join('') }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}

function packRows(values: readonly unknown[], first: object): PackedValues {
  const keys = isPlain(first) ? Object.keys(first) : []
  if (keys.length === 0 || keys.length > MAX_KEYS || keys.includes('__proto__')) return values
  const columns = keys.map(() => new Array<unknown>(values.length))
  for (let row = 0; row < values.length; row++) {
    const value = values[row]
    if (!isPlain(value) || !takeRow(value, row, keys, columns)) return values
  }
  return { kind: 'rows', length: values.length, keys, columns: columns.map(packColumn) }
}

/** Puts a row into the columns. `false` when it has other keys, or a member that could be shared with another one. */
function takeRow(value: Record<string, unknown>, row: number, keys: readonly string[], columns: unknown[][]): boolean {
  let at = 0
  for (const key in value) {
    if (key !== keys[at]) return false
    const member = value[key]
    if (typeof member === 'object' && member !== null) return false
    columns[at++]![row] = member
  }
  return at === keys.length
}

/** How many values there are. Never more than were there in memory when they came in. */
export function countPacked(values: PackedValues): number {
  if (Array.isArray(values)) return values.length
  const packed = values as Packed
  if (packed.kind === 'rows') return packed.length
  if (packed.kind === 'sparse') return packed.blanks.length
  return packed.kind === 'strings' ? packed.lengths.length : packed.data.length
}

export function nameCodec(values: PackedValues): Codec {
  if (Array.isArray(values)) return 'clone'
  const packed = values as Packed
  return packed.kind === 'sparse' ? packed.dense.kind : packed.kind
}

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
    case 'strings':
      return unpackStrings(packed)
    case 'sparse':
      return unpackSparse(packed)
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

function unpackStrings({ lengths, text }: Extract<Packed, { readonly kind: 'strings' }>): unknown[] {
  const values = new Array<unknown>(lengths.length)
  let end = 0
  for (let i = 0; i < lengths.length; i++) values[i] = text.slice(end, (end += lengths[i]!))
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

function unpackRows({ length, keys, columns }: Extract<Packed, { readonly kind: 'rows' }>): unknown[] {
  const unpacked = columns.map(unpack)
  const values = new Array<unknown>(length)
  for (let row = 0; row < length; row++) {
    const value: Record<string, unknown> = {}
    for (let at = 0; at < keys.length; at++) value[keys[at]!] = unpacked[at]![row]
    values[row] = value
  }
  return values
}

/** Checks what came from a worker, which may be broken or hostile: {@link unpack} is safe after this. */
export function isPacked(value: unknown): value is Packed {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'kind')) return false
  const packed = value as Partial<
    Record<'kind' | 'data' | 'blanks' | 'dense' | 'lengths' | 'text' | 'length' | 'keys' | 'columns', unknown>
  >
  switch (packed.kind) {
    case 'integers':
      return isBlock(packed.data, Int32Array)
    case 'doubles':
      return isBlock(packed.data, Float64Array)
    case 'booleans':
      return isBlock(packed.data, Uint8Array)
    case 'strings':
      return isBlock(packed.lengths, Uint8Array) && typeof packed.text === 'string'
    case 'sparse':
      return areSparse(packed.blanks, packed.dense)
    case 'rows':
      return areRows(packed.length, packed.keys, packed.columns)
    default:
      return false
  }
}

/** Memory that the sender shares could still change, and grow, after it was checked. */
function isBlock<T extends ArrayBufferView>(value: unknown, type: new (length: number) => T): value is T {
  return value instanceof type && value.buffer instanceof ArrayBuffer
}

function areSparse(blanks: unknown, dense: unknown): boolean {
  if (!isBlock(blanks, Uint8Array) || !isPacked(dense) || dense.kind === 'rows' || dense.kind === 'sparse') return false
  let values = 0
  for (let i = 0; i < blanks.length; i++) if (blanks[i] === IS_VALUE) values += 1
  return values === countPacked(dense)
}

function areRows(length: unknown, keys: unknown, columns: unknown): boolean {
  if (!Array.isArray(keys) || !Array.isArray(columns) || keys.length !== columns.length) return false
  if (keys.length === 0 || keys.length > MAX_KEYS) return false
  if (!keys.every((key) => typeof key === 'string' && key !== '__proto__')) return false
  return columns.every((column: unknown) => {
    if (!Array.isArray(column)) return isPacked(column) && column.kind !== 'rows' && countPacked(column) === length
    // A few bytes can make an array of any length without members.
    if (column.length !== length) return false
    return length <= UNCOUNTED_LENGTH || Object.keys(column).length >= length
  })
}
