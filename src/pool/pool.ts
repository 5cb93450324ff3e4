import { EisenmpError } from '../errors.ts'
import { type OptionTable, abortSignal, checkOptions, showValue } from '../options.ts'
import type { Program } from '../protocol/messages.ts'
import { type Source, isSource } from '../stream/source.ts'
import type { PoolCore } from './pool-core.ts'
import { sizeTable } from './pool-options.ts'
import { QueuePool } from './queue-pool.ts'
import type { Progress } from './progress-meter.ts'
import { type PoolStats, readStats } from './stats.ts'
import { Stream, type StreamOwner, refuseSource } from './stream.ts'
import type { StreamJob } from './stream-job.ts'
import { type StreamOptions, type StreamSettings, checkStreamOptions } from './stream-options.ts'
import { explainUnknownTask } from './task-names.ts'
import type { CallItem, MapTask, TaskName, TaskResult, UntypedItem, UntypedModule } from './task-types.ts'

/** Options of {@link Pool.run}. */
export interface RunOptions {
  /** Rejects the call with its reason; the task is told by `toolbox.signal`. */
  readonly signal?: AbortSignal
}

/** What a pool tells of, by event name. */
export interface PoolEvents {
  /** About four times a second while a stream runs, and at its end. */
  readonly progress: Progress
}

const runTable: OptionTable = { signal: abortSignal }

/**
 * Workers, ready to take work. Made by {@link createPool}.
 *
 * An idle pool uses no CPU and does not keep the program alive. A worker that dies is replaced; what it held is sent to
 * another within the budgets of `retries`. On SIGINT, SIGTERM and SIGHUP the pool takes in nothing more, finishes what
 * is in work within `graceMs`, and then the program exits with 130, 143 or 129; a second signal ends it at once. If the
 * program has a handler of its own for the signal, that one decides, and streams reject with `ERR_EISENMP_INTERRUPTED`.
 *
 * @typeParam Module - Type of the main module: `createPool<typeof import('./tasks.worker.ts')>`.
 *
 * @example
 * ```ts
 * // file: text.worker.ts
 * export const countWords = (line: string): number => line.split(/\s+/).filter(Boolean).length
 * ```
 * ```ts
 * import { createPool } from 'eisenmp'
 * import type * as Text from './text.worker.ts'
 *
 * const pool = await createPool<typeof Text>({ modules: new URL('./text.worker.ts', import.meta.url), workers: 2 })
 * try {
 *   console.log(await pool.run('countWords', 'one call'), await pool.map('countWords', ['a b', 'c']).toArray())
 * } finally {
 *   await pool.close()
 * }
 * ```
 */
export class Pool<Module = UntypedModule> extends QueuePool<Module> {
  readonly #core: PoolCore
  readonly #owner: StreamOwner
  readonly #programs = { map: new Map<string, Program>(), fold: new Map<string, Program>() }

  /** @internal */
  constructor(core: PoolCore) {
    super(core)
    this.#core = core
    this.#owner = {
      checkTask: (name, where) => this.#checkTask(name, where),
      openStream: (source, program, settings) => this.#openStream(source, program, settings),
      fold: (task, values) => this.#fold(task, values),
    }
  }

  #checkTask(name: unknown, where: string): void {
    const error = explainUnknownTask(name, this.#core.crew.tasks, where)
    if (error !== undefined) throw error
  }

  #openStream(source: Source<unknown>, program: Program, settings: StreamSettings): StreamJob {
    this.#core.checkOpen()
    this.#core.crew.revive()
    return this.#core.open({ source, program, settings })
  }

  #fold(task: string, values: readonly unknown[]): Promise<unknown> {
    return this.#core.calls.call(this.#findProgram('fold', task), values, undefined)
  }

  /**
   * Runs one task on one item.
   *
   * Calls wait in line for a free worker, in turn with the streams of the pool and with calls of other tasks. Calls of one
   * task keep their order, and once they are known to be short, those that wait travel together: up to about 1 ms of work
   * at a time, so that one that takes longer than the others can hold up those behind it. A call with a signal always
   * travels alone. Outcome, error, retries and time limit are each call's own. There is no limit to how many may wait:
   * for many items use {@link Pool.from}, which reads its source on demand.
   *
   * @param name - An exported task.
   * @param item - Structured-cloneable; copied at once.
   * @returns The task's result.
   * @throws {@link EisenmpError} As for {@link Stream}; all by rejection. With `options.signal`, its reason.
   */
  run<Name extends TaskName<Module>>(
    name: Name,
    ...args: RunArguments<Name extends keyof Module ? Module[Name] : unknown>
  ): Promise<TaskResult<Module, Name>> {
    const [item, options] = args as readonly unknown[]
    return this.#run(name, item, options) as Promise<TaskResult<Module, Name>>
  }

  // Not async: what calls cost is most of what short tasks cost.
  #run(name: string, item: unknown, given: unknown): Promise<unknown> {
    if (this.#core.isExiting) return new Promise(() => {})
    try {
      this.#core.checkOpen()
      this.#core.crew.revive()
      const signal =
        given === undefined ? undefined : (checkOptions('run()', given ?? {}, runTable) as RunOptions).signal
      return this.#core.calls.call(this.#findProgram('map', name), item, signal)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Calls of one task share one program, so that they can travel together. Its task is known to exist. */
  #findProgram(kind: 'map' | 'fold', task: string): Program {
    const programs = this.#programs[kind]
    let program = programs.get(task)
    if (program === undefined) {
      if (kind === 'map') this.#checkTask(task, 'run()')
      program = { stages: [{ kind, task }], sink: { kind: 'values' } }
      programs.set(task, program)
    }
    return program
  }

  /**
   * Makes a stream from a source. Nothing is read yet.
   *
   * @param source - Array or other iterable, async iterable, Node `Readable`, Web `ReadableStream`; may be endless. An
   * iterable's promises are awaited. Items are copied when they are read.
   * @param options - See {@link StreamOptions}.
   * @throws {@link EisenmpError} `ERR_EISENMP_SOURCE` when it is no source, `ERR_EISENMP_OPTION` for a wrong option.
   */
  from<Item = UntypedItem>(source: Source<Item>, options?: StreamOptions): Stream<Awaited<Item>, Module> {
    if (!isSource(source)) throw refuseSource(source)
    const settings = checkStreamOptions('from()', options, this.#core.crew.size)
    return new Stream({ owner: this.#owner, source, stages: [], settings })
  }

  /**
   * Short for `pool.from(source, options).map(name)`.
   *
   * @param name - An exported task.
   * @param source - As in {@link Pool.from}.
   * @param options - See {@link StreamOptions}.
   * @throws {@link EisenmpError} As `from` and `map`.
   */
  map<Item = UntypedItem, Name extends MapTask<Module, Awaited<Item>> = MapTask<Module, Awaited<Item>>>(
    name: Name,
    source: Source<Item>,
    options?: StreamOptions,
  ): Stream<TaskResult<Module, Name>, Module> {
    return this.from(source, options).map(name)
  }

  /** How far the running streams and loops are. */
  get progress(): Progress {
    return this.#core.progress.read()
  }

  /**
   * Listens to an event.
   *
   * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for an unknown event.
   */
  on<Name extends keyof PoolEvents>(name: Name, listener: (event: PoolEvents[Name]) => void): this {
    checkEvent(name, listener)
    this.#core.progress.on(listener)
    return this
  }

  /** Stops listening. */
  off<Name extends keyof PoolEvents>(name: Name, listener: (event: PoolEvents[Name]) => void): this {
    checkEvent(name, listener)
    this.#core.progress.off(listener)
    return this
  }

  /** Counts, and the state of each worker, at this moment. */
  stats(): PoolStats {
    const { settings, dispatcher, crew, codecs, queueing } = this.#core
    const isBusy = (worker: string): boolean => this.#core.isBusy(worker)
    return readStats({
      backend: settings.backend,
      books: dispatcher.books,
      codecs,
      seats: crew.seats,
      queues: queueing.states,
      isBusy,
    })
  }

  /**
   * Changes how many workers there are, while the pool works on.
   *
   * More are started; too many leave, those with the highest indexes, each when it is through with what it has in hand,
   * so nothing is lost and nothing runs twice. Streams that are open keep their window.
   *
   * @param workers - From 1 up.
   * @returns Resolves when there are so many, all ready, and no other; of several calls the last one counts. Rejects with
   * the reason when the pool ends before.
   * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for anything but a whole number from 1, `ERR_EISENMP_CLOSED`; by
   * rejection.
   *
   * @example
   * ```ts
   * // file: square.worker.ts
   * export const square = (n: number): number => n * n
   * ```
   * ```ts
   * import assert from 'node:assert/strict'
   * import { createPool } from 'eisenmp'
   * import type * as Square from './square.worker.ts'
   *
   * const pool = await createPool<typeof Square>({ modules: new URL('./square.worker.ts', import.meta.url), workers: 1 })
   * await pool.resize(3)
   * assert.equal(pool.stats().workers.length, 3)
   * await pool.close()
   * ```
   */
  async resize(workers: number): Promise<void> {
    // As an option it may be left out; here it is what the call is about.
    checkOptions('resize()', { workers: workers ?? Number.NaN }, sizeTable)
    await this.#core.resize(workers)
  }

  /**
   * Ends the pool in an orderly way: nothing more is taken in, what is in work finishes within `graceMs`, then the
   * workers leave. Streams give out what was finished and then reject with `ERR_EISENMP_CLOSED`.
   *
   * @returns Resolves when no thread, process, timer or listener is left; never rejects.
   */
  close(): Promise<void> {
    return this.#core.close()
  }

  /** Ends the pool now: whatever is pending rejects with `ERR_EISENMP_CLOSED`. Resolves when nothing is left. */
  destroy(): Promise<void> {
    return this.#core.destroy()
  }

  /** The same as {@link Pool.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

/** What {@link Pool.run} takes beside the name. */
export type RunArguments<Task> = [...CallItem<Task>, options?: RunOptions]

function checkEvent(name: unknown, listener: unknown): void {
  const problem =
    name !== 'progress'
      ? `Cannot listen to ${showValue(name)}: the events are 'progress'`
      : typeof listener !== 'function'
        ? `Cannot listen with ${showValue(listener)}: give a function`
        : undefined
  if (problem !== undefined) throw new EisenmpError('ERR_EISENMP_OPTION', problem)
}
