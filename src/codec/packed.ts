/**
 * Values of one kind, in a form that structured clone copies as blocks of memory instead of value by value. What comes
 * out of `unpack` is what structured clone would have made of the values themselves.
 */
export type Packed = Dense | Sparse | Views | Rows

/** Values of one type that refer to no others. */
export type Dense =
  | { readonly kind: 'integers'; readonly data: Int32Array }
  | { readonly kind: 'doubles'; readonly data: Float64Array }
  | { readonly kind: 'booleans'; readonly data: Uint8Array }
  /** Their times; of an invalid one, `NaN`. */
  | { readonly kind: 'dates'; readonly data: Float64Array }
  | Strings

export interface Strings {
  readonly kind: 'strings'
  readonly lengths: Uint8Array
  /** All of them in a row. */
  readonly text: string
}

/** Values of one kind with `undefined` and `null` among them. */
export interface Sparse {
  readonly kind: 'sparse'
  /** What stands at each place: a value, `undefined` or `null`. */
  readonly blanks: Uint8Array
  readonly dense: Dense
}

export type View =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

/** Typed arrays of one class, each with a buffer of its own that it fills. */
export interface Views {
  readonly kind: 'views'
  readonly lengths: Uint32Array
  /** All of them in a row; of their class. */
  readonly data: View
}

/** Plain objects with the same keys in the same order: one column for each key. */
export interface Rows {
  readonly kind: 'rows'
  readonly length: number
  readonly keys: readonly string[]
  readonly columns: readonly Column[]
}

/** The members of one key. */
export type Column = PackedValues

/** Values as they travel. */
export type PackedValues = Packed | readonly unknown[]

/** How values travelled: `clone` is value by value; those with blanks among them count as what the others are. */
export type Codec = Exclude<Packed['kind'], 'sparse'> | 'clone'

export const IS_VALUE = 0
export const IS_UNDEFINED = 1
export const IS_NULL = 2

/**
 * A longer part of a string keeps the whole of it alive (V8 makes no sliced string below 13 units): a single word kept
 * by the consumer would hold the text of its chunk.
 */
export const MAX_STRING = 12
/** Wider objects win less and less. */
export const MAX_KEYS = 64
/** So many objects inside each other, the row itself not counted. */
export const MAX_NESTING = 4
