import type { EisenmpError } from '../errors.ts'
import type { Deferred } from '../internal/deferred.ts'
import { type OptionTable, checkOptions } from '../options.ts'
import type { Queue } from '../queue.ts'
import type { ErrorPolicy } from './stream-options.ts'

/** Options of {@link QueuePool.loop}. */
export interface LoopOptions {
  /** Queues that are closed when the loop has ended in all workers, so that the loops which read them come to their end. */
  readonly closes?: readonly Pick<Queue, 'close'>[]
  /**
   * What to do with a chunk that is given up, after the budgets of `retries`: `'throw'` ends the loop, `'skip'` leaves the
   * chunk out, a function gets the error, and what it throws ends the loop. A call that throws and holds no chunk
   * always ends the loop.
   *
   * @defaultValue `'throw'`
   */
  readonly onError?: ErrorPolicy
}

const table: OptionTable = {
  closes: {
    expected: 'an array of queues, as pool.queues has them',
    accepts: (value) => Array.isArray(value) && value.every((queue) => typeof queue?.close === 'function'),
  },
  onError: {
    expected: "'throw', 'skip' or a function",
    accepts: (value) => value === 'throw' || value === 'skip' || typeof value === 'function',
  },
}

/** @throws EisenmpError `ERR_EISENMP_OPTION` */
export function checkLoopOptions(given: unknown): LoopOptions {
  return checkOptions('loop()', given ?? {}, table)
}

/** One loop in all workers. */
export class LoopJob {
  readonly id: number
  readonly name: string
  readonly options: LoopOptions
  /** Raises the alarm when it rejects and nobody waits for it. */
  readonly done: Deferred<void> = Promise.withResolvers()
  /** Seats whose worker of the moment runs it, or has. */
  readonly sent: Set<number> = new Set()
  /** Seats in which it has ended. */
  readonly ended: Set<number> = new Set()
  /** Chunks that had come back when the loop was started once more for them. */
  leftovers: number = Infinity
  failure: { readonly error: unknown } | undefined
  timer: NodeJS.Timeout | undefined

  constructor(id: number, name: string, options: LoopOptions) {
    this.id = id
    this.name = name
    this.options = options
  }

  /** What becomes of the loop with a chunk that is given up; `undefined` when it goes on. */
  judge(error: EisenmpError): { readonly error: unknown } | undefined {
    const { onError = 'throw' } = this.options
    if (onError === 'throw') return { error }
    if (onError === 'skip') return undefined
    try {
      onError(error)
      return undefined
    } catch (thrown) {
      return { error: thrown }
    }
  }
}
