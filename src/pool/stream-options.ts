import type { EisenmpError } from '../errors.ts'
import { type OptionTable, abortSignal, checkOptions, flag, integer, isPlainObject, positive } from '../options.ts'
import { type ChunkLimits, DEFAULT_CHUNK_LIMITS } from '../stream/chunk-size.ts'

/** What to do with an item that failed for good. */
export type ErrorPolicy = 'throw' | 'skip' | ((deadLetter: EisenmpError) => void)

/** Options of `pool.from()` and `pool.map()`. */
export interface StreamOptions {
  /**
   * Results in the order of the source, or as they come.
   *
   * @defaultValue `true`
   */
  readonly ordered?: boolean
  /**
   * Items that travel together: measured (`'auto'`), a fixed number, or limits for the measured size.
   *
   * @defaultValue `'auto'`: about 10 ms of work, at most 10 000 items and 1 MiB; of indexed sources, which carry no
   * items, 65 536 items, or 10 million for `count` and `reduce`. Sizes of {@link lines} and {@link csv} are in bytes
   */
  readonly chunk?: 'auto' | number | Partial<ChunkLimits>
  /**
   * Chunks that may be pulled beyond the oldest one whose results were not taken.
   *
   * @defaultValue 4 for each worker
   */
  readonly window?: number
  /** Items in the source, for progress, where the source does not know. */
  readonly total?: number
  /**
   * `'throw'` ends the stream at the first failed item; `'skip'` leaves failed items out; a function gets each as a
   * dead letter, in its place in the order, and what it throws ends the stream.
   *
   * @defaultValue `'throw'`
   */
  readonly onError?: ErrorPolicy
  /** Ends this stream, which then rejects with the signal's reason; the pool stays open. */
  readonly signal?: AbortSignal
}

/** Options with every default filled in. */
export interface StreamSettings {
  readonly ordered: boolean
  /** `undefined`: measured. */
  readonly fixedChunk: number | undefined
  readonly limits: ChunkLimits
  /** Else sources that carry no items have a limit of their own. */
  readonly isMaxItemsGiven: boolean
  readonly window: number
  readonly total: number | undefined
  readonly onError: ErrorPolicy
  readonly signal: AbortSignal | undefined
}

/** With a fixed number of items the user bounds the chunk; this only keeps memory in hand. */
const FIXED_MAX_BYTES = 64 * 1024 * 1024

const table: OptionTable = {
  ordered: flag,
  chunk: {
    expected: "'auto', a whole number from 1, or { targetMs, maxItems, maxBytes }",
    accepts: (value) =>
      value === 'auto' || isPlainObject(value) || (Number.isSafeInteger(value) && (value as number) >= 1),
  },
  window: integer(1),
  total: integer(0),
  onError: {
    expected: "'throw', 'skip' or a function",
    accepts: (value) => value === 'throw' || value === 'skip' || typeof value === 'function',
  },
  signal: abortSignal,
}

const chunkTable: OptionTable = {
  targetMs: positive('a positive time in ms'),
  maxItems: integer(1),
  maxBytes: integer(1),
}

/**
 * Checks the options of a stream and fills in the defaults; nothing is read.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION`
 */
export function checkStreamOptions(where: string, given: unknown, workers: number): StreamSettings {
  const options = checkOptions(where, given ?? {}, table) as StreamOptions
  const { chunk = 'auto' } = options
  const fixedChunk = typeof chunk === 'number' ? chunk : undefined
  const limits = isPlainObject(chunk) ? checkOptions(`${where} { chunk }`, chunk, chunkTable) : {}
  const maxBytes = fixedChunk === undefined ? DEFAULT_CHUNK_LIMITS.maxBytes : FIXED_MAX_BYTES
  return {
    ordered: options.ordered ?? true,
    fixedChunk,
    isMaxItemsGiven: limits['maxItems'] !== undefined,
    limits: { ...DEFAULT_CHUNK_LIMITS, maxBytes, ...limits },
    window: options.window ?? 4 * workers,
    total: options.total,
    onError: options.onError ?? 'throw',
    signal: options.signal,
  }
}
