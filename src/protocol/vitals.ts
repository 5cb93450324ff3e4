/**
 * What a worker tells of itself: a few doubles in memory or in a file, written by the worker when it is asked, and read
 * without waiting for it.
 */
export interface Vitals {
  /** Number of the system's thread, of a worker that is one and may know it; else 0. */
  readonly systemThreadId: number
  /** Serial number of the last question that it came to. */
  readonly answered: number
  /** When that was, on the system's monotonic clock in ms. */
  readonly answeredAtMs: number
  /** How long its event loop had nothing to do, and how long it had, in ms, until then. */
  readonly idleMs: number
  readonly activeMs: number
}

/** Doubles in a block of vitals. */
export const VITALS_LENGTH = 5
export const VITALS_BYTES: number = VITALS_LENGTH * Float64Array.BYTES_PER_ELEMENT

/** The serial number is written last. */
export function writeVitals(block: Float64Array, vitals: Vitals): void {
  block[0] = vitals.systemThreadId
  block[2] = vitals.answeredAtMs
  block[3] = vitals.idleMs
  block[4] = vitals.activeMs
  block[1] = vitals.answered
}

/** The serial number is read first. */
export function readVitals(block: Float64Array): Vitals {
  const answered = block[1]!
  return { systemThreadId: block[0]!, answered, answeredAtMs: block[2]!, idleMs: block[3]!, activeMs: block[4]! }
}
