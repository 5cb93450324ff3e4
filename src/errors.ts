/** Every code an {@link EisenmpError} can carry; each has a section in `docs/errors.md`. */
export type EisenmpErrorCode =
  | 'ERR_EISENMP_OPTION'
  | 'ERR_EISENMP_SOURCE'
  | 'ERR_EISENMP_MODULE'
  | 'ERR_EISENMP_START'
  | 'ERR_EISENMP_UNKNOWN_TASK'
  | 'ERR_EISENMP_TASK'
  | 'ERR_EISENMP_TOOL'
  | 'ERR_EISENMP_CRASH'
  | 'ERR_EISENMP_TIMEOUT'
  | 'ERR_EISENMP_OUTCOME_UNKNOWN'
  | 'ERR_EISENMP_CLONE'
  | 'ERR_EISENMP_SIZE'
  | 'ERR_EISENMP_RESTARTS'
  | 'ERR_EISENMP_CLOSED'
  | 'ERR_EISENMP_QUEUE'
  | 'ERR_EISENMP_INTERRUPTED'
  | 'ERR_EISENMP_PORT'
  | 'ERR_EISENMP_NAME'
  | 'ERR_EISENMP_FULL'

/** Names one chunk: the queue it travelled through and its serial number there, counted from 0. */
export interface Ticket {
  /** `stream-1` and so on for streams, `calls` for single calls. */
  readonly queue: string
  /** From 0, without gaps. */
  readonly serial: number
}

/** How one worker ended; {@link EisenmpError.deaths} lists one for each attempt that a poison item killed. */
export interface WorkerDeath {
  /** The id of the worker that died. */
  readonly worker: string
  /** Exit code; `null` when a signal ended it or none is known. */
  readonly code: number | null
  /** Signal name such as `SIGKILL`; `null` for threads and plain exits. */
  readonly signal: string | null
  /** What the system said, in one line. */
  readonly reason: string
  /** The last output on stderr, at most 64 KB. */
  readonly stderr: string
}

/** The fields beside `message` and `cause` that {@link EisenmpError} may carry. */
export interface EisenmpErrorDetails {
  /** What was thrown first. */
  readonly cause?: unknown
  /** See {@link EisenmpError.item}. */
  readonly item?: unknown
  /** See {@link EisenmpError.index}. */
  readonly index?: number | undefined
  /** See {@link EisenmpError.ticket}. */
  readonly ticket?: Ticket | undefined
  /** See {@link EisenmpError.attempt}. */
  readonly attempt?: number | undefined
  /** See {@link EisenmpError.worker}. */
  readonly worker?: string | undefined
  /** See {@link EisenmpError.deaths}. */
  readonly deaths?: readonly WorkerDeath[] | undefined
}

const brand: unique symbol = Symbol.for('eisenmp.error') as never

/**
 * The one error class of this package; misuse, failed items and dead workers alike.
 *
 * Tell errors apart by `code`, never by `message`. `cause` keeps the original error: for `ERR_EISENMP_TASK` it is what
 * the task threw, with its class name, message, stack, own fields and its own `cause`.
 *
 * @example
 * ```ts
 * import { EisenmpError } from 'eisenmp'
 * const error = new EisenmpError('ERR_EISENMP_TASK', 'Cannot use item', { index: 3 })
 * console.log(EisenmpError.is(error, 'ERR_EISENMP_TASK'), error.index)
 * ```
 */
export class EisenmpError extends Error {
  /** What went wrong, as a stable word. */
  readonly code: EisenmpErrorCode
  /** The item concerned, as it was given; absent when no single item is. */
  declare readonly item?: unknown
  /** The item's position in its source, counted from 0. */
  declare readonly index?: number
  /** The chunk the item travelled in. */
  declare readonly ticket?: Ticket
  /** How often the item had been sent, the failing time included; 0 when it never was. */
  declare readonly attempt?: number
  /** The id of the worker concerned. */
  declare readonly worker?: string
  /** Every death of a worker that is charged to the item, oldest first. */
  declare readonly deaths?: readonly WorkerDeath[]

  /**
   * @param code - One of {@link EisenmpErrorCode}.
   * @param message - "Cannot do x as constraint: current value", then the repair.
   * @param details - Fields to carry; those left out stay absent.
   */
  constructor(code: EisenmpErrorCode, message: string, details: EisenmpErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined)
    Object.defineProperty(this, 'name', { value: 'EisenmpError', writable: true, configurable: true })
    this.code = code
    for (const field of ['item', 'index', 'ticket', 'attempt', 'worker', 'deaths'] as const) {
      if (details[field] !== undefined) Object.defineProperty(this, field, { value: details[field], enumerable: true })
    }
    Object.defineProperty(this, brand, { value: true })
  }

  /**
   * Tells whether a value is an error of this package, also one made by another copy of it or in another realm.
   *
   * @param value - Anything.
   * @param code - When given, the code must be this one too.
   * @returns `true` when it is.
   */
  static is(value: unknown, code?: EisenmpErrorCode): value is EisenmpError {
    if (typeof value !== 'object' || value === null || !(brand in value)) return false
    return code === undefined || (value as unknown as EisenmpError).code === code
  }
}
