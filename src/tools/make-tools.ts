import { EisenmpError } from '../errors.ts'
import { isPlainObject, showValue } from '../options.ts'
import { type ColumnData, buildColumns, buildColumnsOfRows } from './build-columns.ts'
import { type NumberSource, buildNumbers, isBuffer } from './build-numbers.ts'
import { buildTable, buildWords } from './build-table.ts'
import { type TypedArray, type TypedArrayClass, type TypedBigInts, findType } from './number-types.ts'
import { type FilePath, type Items, isAsyncIterable, isFilePath, isIterable, isOnce } from './read-source.ts'
import type { ToolMemory } from './tool-memory.ts'
import type { Recipe } from './tool.ts'
import { Tool } from './tool.ts'
import type { ColumnTable, KeyTable, NumberList, StringList, TableValue, WordSet } from './tool-types.ts'

/** A source, or a function that opens it: then the tool can be built more than once. */
export type ToolSource<Source> = Source | (() => Source | Promise<Source>)

/** What a column is made of: `String`, or the class of a typed array. */
export type ColumnType = StringConstructor | TypedArrayClass

/** What a worker finds as a column. */
export type ColumnOf<Type> = Type extends StringConstructor | readonly string[]
  ? StringList
  : Type extends TypedBigInts | TypedArrayClass<BigInt64Array> | TypedArrayClass<BigUint64Array>
    ? NumberList<bigint>
    : NumberList

type Build<Source> = (source: Source, memory: ToolMemory) => ReturnType<Recipe['build']>

function explainSource(kind: string, expected: string, source: unknown): EisenmpError {
  const text = `Cannot make a tool of kind '${kind}': its source is ${showValue(source)}; give ${expected}`
  return new EisenmpError('ERR_EISENMP_OPTION', text)
}

interface Kind<Source> {
  readonly kind: string
  readonly expected: string
  readonly accepts: (source: unknown) => boolean
  readonly build: Build<Source>
}

/** Checks the source as far as that goes without reading it. */
function create<Opened, Source>({ kind, expected, accepts, build }: Kind<Source>, given: unknown): Tool<Opened> {
  const check = (source: unknown): Source => {
    if (!accepts(source)) throw explainSource(kind, expected, source)
    return source as Source
  }
  if (typeof given !== 'function') check(given)
  const open = async (): Promise<Source> =>
    check(typeof given === 'function' ? await (given as () => unknown)() : given)
  return Tool.create<Opened>({
    kind,
    isOnce: typeof given !== 'function' && isOnce(given),
    build: async (memory) => build(await open(), memory),
  })
}

function isItems(source: unknown): boolean {
  return isFilePath(source) || isIterable(source) || isAsyncIterable(source)
}

/** Arrays, buffers, files and iterables. */
function isNumbers(source: unknown): boolean {
  return (findType(source) !== undefined || isBuffer(source) || isItems(source)) && !(source instanceof DataView)
}

const expectedItems = 'a path, a file: URL, an iterable, an async iterable, or a function that gives such'

export function makeBytes(source: ToolSource<NumberSource>): Tool<NumberList> {
  const build: Build<NumberSource> = async (opened, memory) => {
    // The bytes of any other array are as good.
    const view = ArrayBuffer.isView(opened) && !(opened instanceof Uint8Array) ? toBytes(opened) : opened
    return { kind: 'numbers', numbers: await buildNumbers('uint8', view, memory) }
  }
  const expected = `bytes, a buffer, ${expectedItems}`
  return create<NumberList, NumberSource>({ kind: 'bytes', expected, accepts: isNumbers, build }, source)
}

function toBytes(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
}

export function makeArray(first: unknown, second: unknown): Tool<NumberList<never>> {
  // The class may be left out where the source is an array, which has one.
  const source = second ?? first
  const type = findType(first)
  if (type === undefined) throw explainSource('array', 'a typed array, or its class and then the source', first)
  const build: Build<NumberSource> = async (opened, memory) => ({
    kind: 'numbers',
    numbers: await buildNumbers(type, opened, memory),
  })
  const expected = `a typed array, a buffer, ${expectedItems}`
  if (typeof first === 'function' && second === undefined) throw explainSource('array', expected, second)
  return create<NumberList<never>, NumberSource>({ kind: 'array', expected, accepts: isNumbers, build }, source)
}

export function makeWords(source: ToolSource<FilePath | Items<string>>): Tool<WordSet> {
  const kind = { kind: 'words', expected: expectedItems, accepts: isItems, build: buildWords }
  return create<WordSet, FilePath | Items<string>>(kind, source)
}

export function makeTable<Value extends TableValue>(source: unknown, separator: unknown): Tool<KeyTable<Value>> {
  if (typeof separator !== 'string' || separator === '') {
    throw new EisenmpError(
      'ERR_EISENMP_OPTION',
      `Cannot use option 'separator' of tool.table(): it is ${showValue(separator)}; it must be a string, not empty`,
    )
  }
  const build: Build<FilePath | Items<unknown>> = (opened, memory) => buildTable(opened, separator, memory)
  const kind = { kind: 'table', expected: `a Map, ${expectedItems}`, accepts: isItems, build }
  return create<KeyTable<Value>, FilePath | Items<unknown>>(kind, source)
}

const expectedColumns = 'name → typed array or array of strings'

export function makeColumns<Columns>(first: unknown, rows: unknown): Tool<ColumnTable<Columns>> {
  if (rows === undefined) {
    const accepts = (source: unknown): boolean =>
      isPlainObject(source) &&
      Object.values(source).every((column) => Array.isArray(column) || findType(column) !== undefined)
    const kind = { kind: 'columns', expected: expectedColumns, accepts, build: buildColumns }
    return create<ColumnTable<Columns>, Readonly<Record<string, ColumnData>>>(kind, first)
  }
  const isType = (type: unknown): boolean =>
    type === String || (typeof type === 'function' && findType(type) !== undefined)
  if (!isPlainObject(first) || !Object.values(first).every(isType)) {
    throw explainSource('columns', 'name → String or class of a typed array, and then the rows', first)
  }
  const types = { ...first }
  const accepts = (source: unknown): boolean => isItems(source) && !isFilePath(source)
  const build: Build<Items<unknown>> = (opened, memory) => buildColumnsOfRows(types, opened, memory)
  const expected = 'rows as an iterable or async iterable of objects, or a function that gives such'
  return create<ColumnTable<Columns>, Items<unknown>>({ kind: 'columns', expected, accepts, build }, rows)
}
