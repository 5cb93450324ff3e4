import { EisenmpError } from '../errors.ts'
import { showValue } from '../options.ts'
import type { Program, Sink, Stage, StageKind } from '../protocol/messages.ts'
import type { Chunk } from '../queue.ts'
import type { Source } from '../stream/source.ts'
import type { StreamJob } from './stream-job.ts'
import type { StreamSettings } from './stream-options.ts'
import type {
  ChunkTask,
  FilterTask,
  FlatMapTask,
  MapTask,
  ReduceTask,
  TaskMember,
  TaskResult,
  UntypedModule,
} from './task-types.ts'

/** What a stream needs of its pool. */
export interface StreamOwner {
  /** @throws EisenmpError `ERR_EISENMP_UNKNOWN_TASK` */
  checkTask(name: unknown, where: string): void
  openStream(source: Source<unknown>, program: Program, settings: StreamSettings): StreamJob
  /** Combines partial results in one worker. */
  fold(task: string, values: readonly unknown[]): Promise<unknown>
}

/** Partial results that are combined at once; bounds what waits in the parent. */
const FOLD_WIDTH = 128

interface StreamState {
  readonly owner: StreamOwner
  readonly source: Source<unknown>
  readonly stages: readonly Stage[]
  readonly settings: StreamSettings
}

/**
 * A lazy pipeline over all workers: nothing is read before one of its ends is used.
 *
 * Stages name exported tasks and run joined together inside the workers, so values between them cross no boundary. A
 * stream is used once, as its source is. While it runs, chunks are pulled only when a worker is free, and at most
 * `window` chunks beyond the oldest one whose results were not taken: a slow consumer stops the reading of the source.
 * Leaving early (`break`, an error, `signal`) drops what is in flight and closes the source; the pool stays open.
 *
 * All ends reject with an {@link EisenmpError}: `ERR_EISENMP_TASK` when a task threw, `ERR_EISENMP_CRASH` when an item
 * ended its worker more than `retries.crash` times, `ERR_EISENMP_TIMEOUT`, `ERR_EISENMP_CLONE` or `ERR_EISENMP_SIZE`
 * when a value cannot travel, `ERR_EISENMP_SOURCE` when the source threw, `ERR_EISENMP_CLOSED` when the pool was
 * closed; or with the reason of `signal`.
 *
 * @typeParam Item - What comes out.
 * @typeParam Module - Type of the pool's main module.
 *
 * @example
 * ```ts
 * // file: numbers.worker.ts
 * export const isOdd = (n: number): boolean => n % 2 === 1
 * export const square = (n: number): number => n * n
 * ```
 * ```ts
 * import assert from 'node:assert/strict'
 * import { createPool } from 'eisenmp'
 * import type * as Numbers from './numbers.worker.ts'
 *
 * const pool = await createPool<typeof Numbers>({ modules: new URL('./numbers.worker.ts', import.meta.url), workers: 2 })
 * assert.deepEqual(await pool.from([1, 2, 3]).filter('isOdd').map('square').toArray(), [1, 9])
 * await pool.close()
 * ```
 */
export class Stream<Item, Module = UntypedModule> implements AsyncIterable<Item> {
  readonly #state: StreamState

  /** @internal */
  constructor(state: StreamState) {
    this.#state = state
  }

  #extend(kind: StageKind, task: string): StreamState {
    this.#state.owner.checkTask(task, `${kind}()`)
    return { ...this.#state, stages: [...this.#state.stages, { kind, task }] }
  }

  /**
   * Replaces each item by the task's result.
   *
   * @param name - An exported task `(item, toolbox) => result`; a promise is awaited.
   * @throws {@link EisenmpError} `ERR_EISENMP_UNKNOWN_TASK`, naming the nearest one.
   */
  map<Name extends MapTask<Module, Item>>(name: Name): Stream<TaskResult<Module, Name>, Module> {
    return new Stream(this.#extend('map', name))
  }

  /**
   * Keeps the items for which the task gives `true`.
   *
   * @param name - An exported task `(item, toolbox) => boolean`.
   * @throws {@link EisenmpError} `ERR_EISENMP_UNKNOWN_TASK`
   */
  filter(name: FilterTask<Module, Item>): Stream<Item, Module> {
    return new Stream(this.#extend('filter', name))
  }

  /**
   * Replaces each item by the members of the task's result, in their order; also none.
   *
   * @param name - An exported task `(item, toolbox) => iterable`, sync or async.
   * @throws {@link EisenmpError} `ERR_EISENMP_UNKNOWN_TASK`
   */
  flatMap<Name extends FlatMapTask<Module, Item>>(name: Name): Stream<TaskMember<Module, Name>, Module> {
    return new Stream(this.#extend('flatMap', name))
  }

  /**
   * Gives the task all items of a chunk at once; the members of its results come out in order.
   *
   * The items of a chunk succeed or fail together. How many there are is up to the option `chunk`, and after a crash
   * a chunk is halved.
   *
   * @param name - An exported task `(items, toolbox) => results`, an array.
   * @throws {@link EisenmpError} `ERR_EISENMP_UNKNOWN_TASK`, or `ERR_EISENMP_OPTION` when the stream has this stage already.
   */
  mapChunks<Name extends ChunkTask<Module, Item>>(name: Name): Stream<TaskMember<Module, Name>, Module> {
    if (this.#state.stages.some(({ kind }) => kind === 'mapChunks')) {
      const repair = 'make it one task, or two streams, the second from the first'
      throw new EisenmpError('ERR_EISENMP_OPTION', `Cannot use mapChunks() twice in one stream; ${repair}`)
    }
    return new Stream(this.#extend('mapChunks', name))
  }

  #open(sink: Sink): StreamJob {
    const { owner, source, stages, settings } = this.#state
    return owner.openStream(source, { stages, sink }, settings)
  }

  /** Calls `use` with each stretch of results, in order of arrival at the consumer. */
  async #drain(sink: Sink, use: (values: readonly unknown[]) => void | Promise<void>): Promise<void> {
    const job = this.#open(sink)
    try {
      for (let segment = await job.next(); segment !== undefined; segment = await job.next()) {
        await use(segment.values)
        job.consumed(segment)
      }
    } finally {
      await job.return()
    }
  }

  /** Iterates over the results. `break` cancels what is in flight and closes the source. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Item, undefined> {
    return new ResultIterator<Item>(this.#open({ kind: 'values' }))
  }

  /** Collects all results in an array. */
  async toArray(): Promise<Item[]> {
    const results: Item[] = []
    await this.#drain({ kind: 'values' }, (values) => {
      for (const value of values) results.push(value as Item)
    })
    return results
  }

  /**
   * Calls a function with each result, one after another; a promise it gives is awaited before the next.
   *
   * @param use - Called in this thread. What it throws ends the stream and comes out unchanged.
   */
  async forEach(use: (item: Item) => unknown): Promise<void> {
    await this.#drain({ kind: 'values' }, async (values) => {
      for (const value of values) {
        const pending = use(value as Item)
        if (typeof pending === 'object' && pending !== null && 'then' in pending)
          await (pending as PromiseLike<unknown>)
      }
    })
  }

  /** Counts the results. Only numbers come back from the workers. */
  async count(): Promise<number> {
    let count = 0
    await this.#drain({ kind: 'count' }, (values) => {
      for (const part of values) count += part as number
    })
    return count
  }

  /**
   * Combines all results into one. Each worker combines those of its chunks; partial results are then combined, in
   * order, in a worker too.
   *
   * @param name - An exported task `(a, b, toolbox) => c` of the item's type. It MUST be associative:
   * `f(f(a, b), c)` equals `f(a, f(b, c))`. It need not be commutative while `ordered` is `true`.
   * @param initial - Combined before the first result; the answer when there are none.
   */
  async reduce(name: ReduceTask<Module, Item>, initial: Item): Promise<Item> {
    const { owner } = this.#state
    owner.checkTask(name, 'reduce()')
    let partials: unknown[] = [initial]
    await this.#drain({ kind: 'reduce', task: name }, async (values) => {
      partials.push(...values)
      if (partials.length >= FOLD_WIDTH) partials = [await owner.fold(name, partials)]
    })
    return (partials.length === 1 ? partials[0] : await owner.fold(name, partials)) as Item
  }

  /** Iterates over whole chunks, each with its ticket; also those of which no result is left. */
  async *chunks(): AsyncGenerator<Chunk<Item>, void, undefined> {
    const job = this.#open({ kind: 'values' })
    const open = new Map<number, { from: number; values: readonly unknown[] }[]>()
    try {
      for (let segment = await job.next(); segment !== undefined; segment = await job.next()) {
        const parts = open.get(segment.serial) ?? []
        open.set(segment.serial, parts)
        parts.push(segment)
        if (segment.completes) {
          open.delete(segment.serial)
          // Unordered streams settle the parts of a chunk in any order.
          parts.sort((a, b) => a.from - b.from)
          yield { ticket: segment.ticket, items: parts.flatMap(({ values }) => values) as Item[] }
        }
        job.consumed(segment)
      }
    } finally {
      await job.return()
    }
  }
}

/** Hands out single results; several `next()` at once are served in turn. */
class ResultIterator<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly #job: StreamJob
  #segment: Awaited<ReturnType<StreamJob['next']>>
  #position = 0
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(job: StreamJob) {
    this.#job = job
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    const segment = this.#segment
    if (this.#waiting === 0 && segment !== undefined && this.#position < segment.values.length) {
      return Promise.resolve({ done: false, value: segment.values[this.#position++] as Item })
    }
    this.#waiting += 1
    const result = this.#last.then(() => this.#advance())
    this.#last = result.then(
      () => (this.#waiting -= 1),
      () => (this.#waiting -= 1),
    )
    return result
  }

  async #advance(): Promise<IteratorResult<Item, undefined>> {
    for (;;) {
      const segment = this.#segment
      if (segment !== undefined) {
        if (this.#position < segment.values.length)
          return { done: false, value: segment.values[this.#position++] as Item }
        this.#segment = undefined
        this.#job.consumed(segment)
      }
      this.#position = 0
      this.#segment = await this.#job.next()
      if (this.#segment === undefined) return { done: true, value: undefined }
    }
  }

  async return(): Promise<IteratorResult<Item, undefined>> {
    this.#segment = undefined
    await this.#job.return()
    return { done: true, value: undefined }
  }
}

/** @throws EisenmpError `ERR_EISENMP_SOURCE` when the value cannot be streamed. */
export function refuseSource(source: unknown): EisenmpError {
  const hint =
    typeof source === 'string'
      ? 'a string would be taken letter by letter; write [text] or [...text]'
      : source instanceof Promise
        ? 'await it first'
        : typeof source === 'function'
          ? 'call it: a generator function is no generator'
          : 'give an array, a generator, a stream or anything else that iterates'
  return new EisenmpError('ERR_EISENMP_SOURCE', `Cannot stream from ${showValue(source)}: it is no iterable; ${hint}`)
}
