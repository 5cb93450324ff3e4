import type { ColumnData } from './build-columns.ts'
import {
  type ColumnOf,
  type ColumnType,
  type ToolSource,
  makeArray,
  makeBytes,
  makeColumns,
  makeTable,
  makeWords,
} from './make-tools.ts'
import type { TypedArray, TypedArrayClass, TypedBigInts } from './number-types.ts'
import type { FilePath, Items } from './read-source.ts'
import type { Tool } from './tool.ts'
import type { ColumnTable, KeyTable, NumberList, TableValue, WordSet } from './tool-types.ts'

/** Makes tools: see {@link tool}. */
export interface ToolBuilders {
  /**
   * Bytes: `toolbox.tools.name` is a {@link NumberList}, in threads a `Uint8Array` in shared memory.
   *
   * @param source - Bytes, a buffer, a file, or pieces one after the other. A `SharedArrayBuffer` is used as it is.
   * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for a source of another kind.
   */
  bytes(source: ToolSource<TypedArray | ArrayBufferLike | FilePath | Items<Uint8Array>>): Tool<NumberList>
  /**
   * Numbers: a typed array as it is, or of a class and a source: a buffer or file with such numbers as this machine keeps
   * them, or an iterable of numbers or of arrays of that class.
   *
   * @param source - An array; one in shared memory is used as it is, another is copied.
   * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for a source of another kind.
   */
  array<A extends TypedArray>(source: A): Tool<NumberList<A extends TypedBigInts ? bigint : number>>
  /** Numbers of a class, from a source. */
  array<A extends TypedArray>(
    type: TypedArrayClass<A>,
    source: ToolSource<TypedArray | ArrayBufferLike | FilePath | Items<number | bigint | TypedArray>>,
  ): Tool<NumberList<A extends TypedBigInts ? bigint : number>>
  /**
   * Distinct strings: {@link WordSet}. Any string is kept whole, lone surrogates included.
   *
   * @param source - Strings, or a text file in UTF-8 with a word in each line; empty lines are left out.
   * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for a source of another kind.
   */
  words(source: ToolSource<FilePath | Items<string>>): Tool<WordSet>
  /**
   * Values by key: {@link KeyTable}. All values are strings, or all numbers, or all bytes, as the first one is. Of several
   * values for one key the last counts.
   *
   * @param source - A `Map`, or pairs of key and value, or a text file in UTF-8 with key, separator and value in each line.
   * @param options - `separator` of a file's lines, by default a tabulator; the first in a line counts.
   * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for a source of another kind.
   */
  table<Value extends TableValue = string>(
    source: ToolSource<FilePath | Items<readonly [key: string, value: Value]>>,
    options?: { readonly separator?: string },
  ): Tool<KeyTable<Value>>
  /**
   * Columns of one length: {@link ColumnTable}.
   *
   * @param data - Name → typed array, or array of strings.
   * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for a source of another kind.
   */
  columns<Data extends Readonly<Record<string, ColumnData>>>(
    data: ToolSource<Data>,
  ): Tool<ColumnTable<{ [Name in keyof Data]: ColumnOf<Data[Name]> }>>
  /**
   * Columns of rows.
   *
   * @param types - Name → `String`, or class of a typed array.
   * @param rows - Objects with a member for each column; others are left out.
   */
  columns<Types extends Readonly<Record<string, ColumnType>>>(
    types: Types,
    rows: ToolSource<Items<object>>,
  ): Tool<ColumnTable<{ [Name in keyof Types]: ColumnOf<Types[Name]> }>>
}

/**
 * Makes tools: big read-only data that is there once for all workers of a machine.
 *
 * Nothing is read before a pool starts that has the tool: then errors of its source reject `createPool()` with
 * `ERR_EISENMP_TOOL`, before any worker starts. For threads a tool is in shared memory, for processes in a file that is
 * mapped into memory, which needs the package `lmdb`.
 *
 * @example
 * ```ts
 * // file: spell.worker.ts
 * import type { Toolbox, WordSet } from 'eisenmp'
 * export function isKnown(word: string, { tools }: Toolbox<unknown, unknown, { words: WordSet }>): boolean {
 *   return tools.words.has(word)
 * }
 * ```
 * ```ts
 * import { createPool, tool } from 'eisenmp'
 * import type * as Spell from './spell.worker.ts'
 *
 * const words = tool.words(['one', 'two', 'three'])
 * const pool = await createPool<typeof Spell>({ modules: new URL('./spell.worker.ts', import.meta.url), tools: { words } })
 * console.log(await pool.from(['two', 'too']).filter('isKnown').toArray()) // [ 'two' ]
 * await pool.close()
 * ```
 */
export const tool: ToolBuilders = {
  bytes: (source) => makeBytes(source),
  array: (first: unknown, second?: unknown) => makeArray(first, second),
  words: (source) => makeWords(source),
  table: (source, { separator = '\t' } = {}) => makeTable(source, separator),
  columns: (first: unknown, rows?: unknown) => makeColumns<never>(first, rows),
}
