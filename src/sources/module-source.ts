import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { EisenmpError } from '../errors.ts'
import { summarizeThrown } from '../internal/describe-thrown.ts'
import { type OptionTable, checkOptions, showValue } from '../options.ts'
import type { IndexedSpec } from '../protocol/indexed-spec.ts'
import { type Block, IndexedSource, type OpenedSource } from '../stream/indexed-source.ts'
import { BLOCK_LENGTH } from './block-length.ts'

/** What a module exports, or its exported function gives, to be an indexed source. */
export interface SliceableSource<Item> {
  /** How many items there are. */
  readonly length: number
  /** The items from index `from` up to, not including, `to`; called with any range, in any order. */
  slice(from: number, to: number): Iterable<Item>
  /** Called once the source is not read any more. */
  close?(): void
}

/** Options of {@link indexed}. */
export interface IndexedOptions {
  /**
   * Name of the export: a {@link SliceableSource}, or a function that gives one or a promise of one.
   *
   * @defaultValue `'default'`
   */
  readonly export?: string
  /** For the function; structured-cloneable. They are sent with every chunk: keep them small. */
  readonly args?: readonly unknown[]
}

type ModuleSpec = Extract<IndexedSpec, { readonly kind: 'module' }>

const table: OptionTable = {
  export: { expected: 'the name of an export', accepts: (value) => typeof value === 'string' },
  args: { expected: 'an array that can be copied', accepts: (value) => Array.isArray(value) && isCloneable(value) },
}

function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value)
    return true
  } catch {
    return false
  }
}

function isSliceable(value: unknown): value is SliceableSource<unknown> {
  if (typeof value !== 'object' || value === null) return false
  const { length, slice } = value as Partial<SliceableSource<unknown>>
  return Number.isSafeInteger(length) && length! >= 0 && typeof slice === 'function'
}

async function load({ url, export: name, args = [] }: ModuleSpec): Promise<SliceableSource<unknown>> {
  const found = ((await import(url)) as Record<string, unknown>)[name]
  const source: unknown =
    typeof found === 'function' ? await (found as (...all: readonly unknown[]) => unknown)(...args) : found
  if (isSliceable(source)) return source
  const given = found === undefined ? 'there is no such export' : `it gives ${showValue(source)}`
  throw new TypeError(`'${name}' must be { length, slice(from, to) } with a whole number as length: ${given}`)
}

/** Not more than was asked for, and an error where it is less. */
function readSlice(source: SliceableSource<unknown>, from: number, to: number): Block {
  const items: unknown[] = []
  const wanted = to - from
  try {
    for (const item of source.slice(from, to)) {
      items.push(item)
      if (items.length === wanted) return { items }
    }
    throw new RangeError(`slice(${from}, ${to}) gave ${items.length} items`)
  } catch (error) {
    const at = from + items.length
    return { items, failed: { at, next: at + 1, error } }
  }
}

function toOpened(source: SliceableSource<unknown>): OpenedSource {
  return {
    blockLength: BLOCK_LENGTH,
    read: (from, to) => readSlice(source, from, to),
    close: () => source.close?.(),
  }
}

/** The worker's side of {@link indexed}. */
export async function openModule(spec: ModuleSpec): Promise<OpenedSource> {
  return toOpened(await load(spec))
}

/**
 * Makes a source of your own from a module: an object `{ length, slice(from, to) }`, or a function that gives one.
 *
 * The module is loaded here, to learn the length, and in each worker, which then makes its own items. All of them must
 * give the same items. What `slice` throws belongs to the item that it was about to give: `ERR_EISENMP_SOURCE`.
 *
 * @typeParam Item - What it consists of.
 * @param module - `URL` of the module, or a path, relative to the working directory.
 * @param options - See {@link IndexedOptions}.
 * @throws {@link EisenmpError} `ERR_EISENMP_SOURCE` when the module cannot be loaded or its export is no source,
 * `ERR_EISENMP_OPTION` for a wrong option; by rejection.
 *
 * @example
 * ```ts
 * // file: squares.ts
 * import type { SliceableSource } from 'eisenmp'
 * export function squares(length: number): SliceableSource<number> {
 *   return {
 *     length,
 *     *slice(from, to) {
 *       for (let i = from; i < to; i++) yield i * i
 *     },
 *   }
 * }
 * ```
 * ```ts
 * // file: sum.worker.ts
 * export const add = (a: number, b: number): number => a + b
 * ```
 * ```ts
 * import assert from 'node:assert/strict'
 * import { createPool, indexed } from 'eisenmp'
 * import type * as Sum from './sum.worker.ts'
 *
 * const source = await indexed<number>(new URL('./squares.ts', import.meta.url), { export: 'squares', args: [100] })
 * const pool = await createPool<typeof Sum>({ modules: new URL('./sum.worker.ts', import.meta.url), workers: 2 })
 * assert.equal(await pool.from(source).reduce('add', 0), 328350)
 * await pool.close()
 * ```
 */
export async function indexed<Item>(module: URL | string, options: IndexedOptions = {}): Promise<IndexedSource<Item>> {
  const { export: name = 'default', args } = checkOptions('indexed()', options, table) as IndexedOptions
  const url = module instanceof URL ? module.href : pathToFileURL(resolve(module)).href
  const spec = { kind: 'module', url, export: name, args } as const
  try {
    const source = await load(spec)
    return new IndexedSource({ spec, length: source.length, open: () => toOpened(source) })
  } catch (error) {
    const text = `Cannot make a source of module ${url}: ${summarizeThrown(error)}`
    throw new EisenmpError('ERR_EISENMP_SOURCE', text, { cause: error })
  }
}
