import { type OptionTable, checkOptions, flag } from '../options.ts'
import { type Source, isSource } from '../stream/source.ts'
import { type FeedOptions, checkFeedOptions } from './feeder.ts'
import { type LoopOptions, checkLoopOptions } from './loop-job.ts'
import type { PoolCore } from './pool-core.ts'
import type { LoopName, PoolQueues } from './queue-types.ts'
import type { ResultStore } from './result-store.ts'
import type { Result } from './results.ts'
import { refuseSource } from './stream.ts'
import { explainUnknownTask } from './task-names.ts'
import type { UntypedItem } from './task-types.ts'

const resultsTable: OptionTable = { ordered: flag, store: flag }

/** Options of {@link QueuePool.results}. */
export interface ResultOptions {
  /** In the order of the tickets of each queue. */
  readonly ordered?: boolean
  /** By queue and serial number. */
  readonly store?: boolean
}

/**
 * The half of a {@link Pool} that is for workers which own their loop: queues, what feeds them, and results.
 *
 * @typeParam Module - Type of the main module.
 */
export abstract class QueuePool<Module> {
  readonly #core: PoolCore

  /** @internal */
  constructor(core: PoolCore) {
    this.#core = core
  }

  /**
   * The queues that `createPool({ queues })` names, by name, or by category and name, and `input`. A name that is not
   * there throws.
   */
  get queues(): PoolQueues<Module> {
    return this.#core.queueing.queues as PoolQueues<Module>
  }

  /**
   * Feeds a queue from a source, chunk by chunk, as fast as the queue has room.
   *
   * It may be called many times: each source has its own queue, or several share one, which is then closed when the last
   * of them has ended. Chunks have tickets, numbered from 0 for each queue. A source that fails closes its queue: what came
   * before is still taken, and whoever takes on after that gets the error, which ends loops.
   *
   * @param source - As in `pool.from()`; indexed sources are made here, item by item.
   * @param options - See {@link FeedOptions}.
   * @returns Resolves when the source has ended and its last chunk is in the queue. When the queue is closed before, the source
   * is closed as soon as the chunk that waits for room has found it, and that resolves too. Rejects with
   * `ERR_EISENMP_SOURCE` when the source fails, `ERR_EISENMP_CLONE` or `ERR_EISENMP_SIZE` for an item that cannot be copied,
   * `ERR_EISENMP_CLOSED` when the pool ends before, or the reason of `signal`. It need not be awaited.
   * @throws {@link EisenmpError} At once: `ERR_EISENMP_SOURCE` when the source does not iterate, `ERR_EISENMP_OPTION`,
   * `ERR_EISENMP_QUEUE` when the queue is closed, `ERR_EISENMP_CLOSED`.
   */
  feed<Item = UntypedItem>(source: Source<Item>, options?: FeedOptions): Promise<void> {
    this.#core.checkOpen()
    if (!isSource(source)) throw refuseSource(source)
    return this.#core.queueing.feed(source, checkFeedOptions(options))
  }

  /**
   * Calls a task with the toolbox, again and again, in every worker, until it returns `false` there; the worker then ends by
   * itself. It is started anew when there is work for it again.
   *
   * One call is a transaction, see {@link WorkerQueue}: a worker that dies is replaced, and the chunks that it held are
   * taken by another, up to `retries.crash` times each; a call that throws is tried again up to `retries.error` times for
   * the chunks it held. Several loops can run at once; each worker runs all of them.
   *
   * @param name - An exported task that takes the toolbox.
   * @param options - See {@link LoopOptions}.
   * @returns Resolves when the loop has ended in every worker. Rejects with what went wrong, after all have ended:
   * `ERR_EISENMP_TASK` when a call throws, `ERR_EISENMP_CRASH` when a chunk is given up, with `ticket`,
   * `ERR_EISENMP_QUEUE` when all workers wait for queues that nothing feeds, `ERR_EISENMP_CLOSED` when the pool ends
   * before. Whoever reads the results gets the same error there, and need not wait for this promise.
   *
   * @example
   * ```ts
   * // file: greet.worker.ts
   * import type { Toolbox, WorkerQueue } from 'eisenmp'
   * export async function greet(toolbox: Toolbox<unknown, { input: WorkerQueue<string> }>): Promise<boolean> {
   *   const names = await toolbox.queues.input.take()
   *   if (!names) return false
   *   for (const name of names.items) toolbox.emit(`Hello ${name}`, { ticket: names.ticket })
   *   return true
   * }
   * ```
   * ```ts
   * import { createPool } from 'eisenmp'
   * import type * as Greet from './greet.worker.ts'
   *
   * const pool = await createPool<typeof Greet>({ modules: new URL('./greet.worker.ts', import.meta.url), workers: 2 })
   * void pool.feed(['Ada', 'Alan', 'Grace'], { chunk: 1 })
   * await pool.loop('greet')
   * for await (const { value } of pool.results({ ordered: true })) console.log(value)
   * await pool.close()
   * ```
   */
  loop(name: LoopName<Module>, options?: LoopOptions): Promise<void> {
    try {
      // As it is: a promise around it would raise the alarm for an error that readers of the results are told.
      return this.#start(name, checkLoopOptions(options))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #start(name: LoopName<Module>, settings: LoopOptions): Promise<void> {
    this.#core.checkOpen()
    const unknown = explainUnknownTask(name, this.#core.crew.tasks, 'loop()')
    if (unknown !== undefined) throw unknown
    this.#core.crew.revive()
    return this.#core.queueing.loop(name, settings)
  }

  /**
   * What the workers emit, as it comes; the iteration ends when no loop runs any more.
   *
   * What nobody reads is kept. Each result comes once, also when several read. Who reads while the loops run sets their
   * pace: with 1024 results unread, workers wait. When a loop fails, the iteration throws its error, after what had come.
   *
   * @param options - `ordered`: in the order of the tickets of each queue. `store`: all results that were not read yet, and
   * those to come, by queue and serial number.
   * @throws {@link EisenmpError} `ERR_EISENMP_OPTION`
   */
  results<Value = UntypedItem>(options?: {
    readonly ordered?: boolean
    readonly store?: false
  }): AsyncGenerator<Result<Value>, void, void>
  /** All results by queue and serial number; see above. */
  results(options: { readonly store: true }): ResultStore
  results(options?: ResultOptions): AsyncGenerator<Result, void, void> | ResultStore {
    const { ordered = false, store = false } = checkOptions('results()', options ?? {}, resultsTable) as ResultOptions
    return store ? this.#core.queueing.results.store() : this.#core.queueing.results.read(ordered)
  }
}
