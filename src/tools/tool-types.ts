/**
 * Numbers or bytes of a tool, read only. In threads and inline it is a typed array in shared memory, with all that such
 * has; this is what every backend has.
 *
 * @typeParam Value - `number` or `bigint`.
 */
export interface NumberList<Value extends number | bigint = number> extends Iterable<Value> {
  /** How many there are. */
  readonly length: number
  /** The one at this index; negative counts from the end. `undefined` when there is none. */
  at(index: number): Value | undefined
  /** A copy of a part as a typed array of its own; by default up to the end. */
  slice(from?: number, to?: number): ArrayLike<Value> & Iterable<Value>
}

/** Distinct strings of a tool; iterated in no certain order. */
export interface WordSet extends Iterable<string> {
  /** How many there are. */
  readonly size: number
  /** Whether the word is one of them. */
  has(word: string): boolean
}

/**
 * Values by key; iterated in no certain order.
 *
 * @typeParam Value - `string`, `number` or `Uint8Array`.
 */
export interface KeyTable<Value extends TableValue = string> extends Iterable<[key: string, value: Value]> {
  /** How many keys there are. */
  readonly size: number
  /** Whether there is such a key. */
  has(key: string): boolean
  /** The value of a key; `undefined` when there is none. Bytes are a copy. */
  get(key: string): Value | undefined
  /** All keys with their values. */
  entries(): IterableIterator<[key: string, value: Value]>
  /** All keys. */
  keys(): IterableIterator<string>
}

/** What a table holds for each key; all of a table are of one kind. */
export type TableValue = string | number | Uint8Array

/** Strings by index, a column of a table. */
export interface StringList extends Iterable<string> {
  /** How many there are. */
  readonly length: number
  /** The one at this index; negative counts from the end. `undefined` when there is none. */
  at(index: number): string | undefined
  /** A part as an array; by default up to the end. */
  slice(from?: number, to?: number): string[]
}

/**
 * Columns of the same length.
 *
 * @typeParam Columns - Name → {@link NumberList} or {@link StringList}.
 */
export interface ColumnTable<Columns = Record<string, NumberList<never> | StringList>> {
  /** How many rows there are. */
  readonly length: number
  /** Name → column. */
  readonly columns: Readonly<Columns>
  /** The row at this index, by name of column; `undefined` when there is none. */
  row(
    index: number,
  ): { [Name in keyof Columns]: Columns[Name] extends Iterable<infer Value> ? Value : unknown } | undefined
}
