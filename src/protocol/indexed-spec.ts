/** How a worker makes the items of an indexed source itself. Cloneable, except that shared memory is shared. */
export type IndexedSpec =
  | { readonly kind: 'range'; readonly start: number; readonly step: number }
  | {
      readonly kind: 'permutations'
      readonly symbols: readonly string[]
      readonly counts: readonly number[]
      readonly first: bigint
    }
  | { readonly kind: 'array'; readonly array: ArrayLike<unknown> }
  | {
      readonly kind: 'module'
      readonly url: string
      readonly export: string
      readonly args: readonly unknown[] | undefined
    }
  | { readonly kind: 'lines'; readonly file: TextFileSpec }
  | { readonly kind: 'csv'; readonly file: TextFileSpec; readonly format: CsvFormat }

/** A file as it was when the source was made; it is refused once it is another one. */
export interface TextFileSpec {
  readonly path: string
  readonly size: number
  readonly modifiedMs: number
}

export interface CsvFormat {
  readonly delimiter: string
  /** Whether `"` quotes fields. */
  readonly quotes: boolean
  /** Byte at which the first record begins. */
  readonly start: number
  /** Fields in each record. */
  readonly width: number
  /** A column's position: items are its values; else records of these names. */
  readonly pick: number | readonly (readonly [name: string, position: number])[]
}

/** What is known of a place in a source: whether it is inside a quoted field. */
export interface Anchor {
  readonly at: number
  readonly quoted: boolean
}

/** Indices `from` to `from + count` of a source: a unit without items. */
export interface IndexRange {
  /** The same for all units of a stream, so that a worker opens its source once. */
  readonly key: number
  readonly spec: IndexedSpec
  readonly from: number
  readonly count: number
  /** At or before `from`, for sources where it matters. */
  readonly anchor?: Anchor | undefined
}
