/** Name of what an array is made of. */
export type NumberType =
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'float32'
  | 'float64'
  | 'bigInt64'
  | 'bigUint64'

/** Numbers in memory, which workers that are threads share, or in pages of a file, counted from `firstPage`. */
export type NumbersImage = { readonly type: NumberType; readonly length: number } & (
  | { readonly memory: ArrayBufferLike; readonly byteOffset: number }
  | { readonly firstPage: number }
)

/** Strings or bytes, one behind the other; the last offset is the end of the last. */
export interface HeapImage {
  readonly length: number
  readonly bytes: NumbersImage
  readonly offsets: NumbersImage
}

/**
 * Distinct keys, found by their hash: in memory by a table of slots, pairs of a hash and the key's place from 1; in a file
 * by buckets, one record each.
 */
export type KeysImage = { readonly size: number; readonly seed: readonly [number, number] } & (
  | { readonly heap: HeapImage; readonly slots: NumbersImage }
  | { readonly firstBucket: number; readonly buckets: number }
)

/** The values of a table, by the place of their key; `places` when a key's value is at another place. */
export type ValuesImage =
  | { readonly kind: 'string' | 'bytes'; readonly heap: HeapImage; readonly places?: NumbersImage | undefined }
  | { readonly kind: 'number'; readonly numbers: NumbersImage }

/** A column of a table. */
export type ColumnImage =
  | { readonly kind: 'numbers'; readonly numbers: NumbersImage }
  | { readonly kind: 'strings'; readonly heap: HeapImage }

/** All that is in a tool. */
export type ToolImage =
  | { readonly kind: 'numbers'; readonly numbers: NumbersImage }
  | { readonly kind: 'words'; readonly keys: KeysImage }
  | { readonly kind: 'table'; readonly keys: KeysImage; readonly values: ValuesImage }
  | { readonly kind: 'columns'; readonly length: number; readonly columns: readonly (readonly [string, ColumnImage])[] }

/** What a worker is given of a tool; memory travels by reference. */
export interface SharedTool {
  readonly image: ToolImage
  /** Where its pages are, and what reads them. */
  readonly file?: { readonly path: string; readonly driver: string } | undefined
}

export type SharedTools = Readonly<Record<string, SharedTool>>
