/**
 * Where a worker is, readable from outside also after its death: three doubles in memory or in a file that survives it.
 * A worker writes `offset` before it writes `unit`, so a reader never sees a new unit with an old offset.
 */
export interface Mark {
  /** The unit in work, 0 when none is, {@link MARK_LOADING} while the modules are loaded. */
  readonly unit: number
  /** The item in work, counted from the unit's first; {@link MARK_UNKNOWN} when only the unit is known. */
  readonly offset: number
  /**
   * Start of the item on the system's monotonic clock in ms; 0 when it is of no interest, {@link MARK_UNTIMED} when
   * items are so short that reading the clock for each would cost more than they do.
   */
  readonly startedAtMs: number
}

export const MARK_IDLE = 0
/** Then `offset` counts the modules, main module first, and `startedAtMs` is a {@link LOADING} step. */
export const MARK_LOADING = -1
export const MARK_UNKNOWN = -1
export const MARK_UNTIMED = -1
/** What is done with a module: it is imported, then, of a mate, its function is called. */
export const LOADING = { import: 0, call: 1 } as const
export type LoadingStep = keyof typeof LOADING
/** Doubles in a mark's block. */
export const MARK_LENGTH = 3
export const MARK_BYTES: number = MARK_LENGTH * Float64Array.BYTES_PER_ELEMENT

export function readMark(block: Float64Array): Mark {
  return { unit: block[0]!, offset: block[1]!, startedAtMs: block[2]! }
}
