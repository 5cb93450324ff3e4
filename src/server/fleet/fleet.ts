import { EventEmitter } from 'node:events'
import { EisenmpError } from '../../errors.ts'
import { type OptionTable, checkOptions, flag, showValue } from '../../options.ts'
import { registerInterruptible, unregisterInterruptible } from '../../supervisor/interrupts.ts'
import { copyForFleet } from './copy-for-fleet.ts'
import type { FleetCore } from './fleet-core.ts'
import type { FleetEvents } from './fleet-events.ts'
import { type FleetStats, readFleetStats } from './fleet-stats.ts'
import type { UntypedInstance } from './fleet-types.ts'
import { Instance, type InstanceOwner } from './instance.ts'
import type { InstanceRecord } from './instance-record.ts'
import type { UntypedChannels } from './instance-toolbox.ts'

/** Options of {@link Fleet.stopWorker}. */
export interface StopWorkerOptions {
  /**
   * Makes its instances again in other workers, as `placement` says, with the input that they were created with.
   *
   * @defaultValue false: they are stopped
   */
  readonly move?: boolean
}

/** What became of the instances of a worker that was stopped. */
export interface StopWorkerReport {
  /** How many were stopped, or moved. */
  readonly instances: number
  /** What their `stop()`, or making them again elsewhere, has thrown. */
  readonly errors: readonly unknown[]
}

const stopTable: OptionTable = { move: flag }

/**
 * Instances of one class, spread over workers and driven by commands; made by {@link createFleet}.
 *
 * It keeps the program alive. On SIGINT, SIGTERM and SIGHUP it closes, and the program exits with 130, 143 or 129; a second
 * signal ends everything at once. If the program has a handler of its own for the signal, that one decides when it exits.
 *
 * @typeParam Class - Type of the instances.
 * @typeParam Channels - What they emit, by channel.
 *
 * @example
 * ```ts
 * // file: greeter.worker.ts
 * import type { InstanceToolbox } from 'eisenmp/server'
 * export class Greeter {
 *   readonly #greeting: string
 *   readonly #toolbox: InstanceToolbox
 *   constructor(input: { greeting: string }, toolbox: InstanceToolbox) {
 *     this.#greeting = input.greeting
 *     this.#toolbox = toolbox
 *   }
 *   greet(who: string): string {
 *     return `${this.#greeting}, ${who}, from worker ${this.#toolbox.worker.index}`
 *   }
 * }
 * ```
 * ```ts
 * import assert from 'node:assert/strict'
 * import { createFleet } from 'eisenmp/server'
 * import type { Greeter } from './greeter.worker.ts'
 *
 * const fleet = await createFleet<Greeter>({ module: new URL('./greeter.worker.ts', import.meta.url), workers: 2 })
 * await fleet.create('english', { greeting: 'Hello' })
 * const german = await fleet.create('german', { greeting: 'Hallo' })
 * assert.equal(await german.call('greet', 'Ada'), 'Hallo, Ada, from worker 1')
 * assert.equal(await fleet.get('english').call('greet', 'Ada'), 'Hello, Ada, from worker 0')
 * await fleet.close()
 * ```
 */
export class Fleet<Class = UntypedInstance, Channels = UntypedChannels> extends EventEmitter<FleetEvents> {
  readonly #core: FleetCore
  readonly #owner: InstanceOwner
  readonly #instances = new WeakMap<InstanceRecord, Instance<Class, Channels>>()
  #closing: Promise<void> | undefined
  /**
   * The program is about to exit, and nobody is to be told anything any more.
   *
   * @internal
   */
  isExiting = false

  /** @internal */
  constructor(core: FleetCore) {
    super()
    this.#core = core
    this.#owner = { roster: core.roster, isPortable: core.settings.backend === 'processes' }
    core.tell = (name, event) => this.#tell(name, event)
    registerInterruptible(this)
    core.settings.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  readonly #onAbort = (): void => {
    void this.close()
  }

  #tell<Name extends keyof FleetEvents>(name: Name, event: FleetEvents[Name][0]): void {
    // The emitter's own type cannot follow a name that is not known yet.
    const emit = this.emit.bind(this) as (name: string, event: unknown) => boolean
    if (emit(name, event) || (name !== 'failed' && name !== 'lost')) return
    const { error } = event as FleetEvents['lost'][0]
    const reason = error instanceof Error ? error.message : String(error)
    const who =
      name === 'lost'
        ? `instance '${(event as FleetEvents['lost'][0]).name}' is lost`
        : `worker ${(event as FleetEvents['failed'][0]).worker} has crashed too often and is not started again`
    process.emitWarning(`${who}: ${reason}`, 'EisenmpWarning')
  }

  #checkOpen(what: string): void {
    if (this.#closing === undefined) return
    throw new EisenmpError('ERR_EISENMP_CLOSED', `Cannot ${what}: the fleet was closed; create another`)
  }

  #wrap(record: InstanceRecord): Instance<Class, Channels> {
    let instance = this.#instances.get(record)
    if (instance === undefined) {
      instance = new Instance(record, this.#owner)
      this.#instances.set(record, instance)
    }
    return instance
  }

  /**
   * Makes an instance in the worker that `placement` chooses: `new Class(input, toolbox)`, then its `start()` if it has one. The
   * name is taken at once, so that of several calls with the same name one succeeds.
   *
   * @param name - Unique among the instances that there are: a text of 1 to 200 characters.
   * @param input - Structured-cloneable; copied at once, and kept for when the instance has to be made again.
   * @returns When it has started.
   * @throws {@link EisenmpError} by rejection: `ERR_EISENMP_NAME` when the name is taken, `ERR_EISENMP_FULL` when no worker has
   * room, `ERR_EISENMP_CLONE` or `ERR_EISENMP_SIZE` when the input cannot travel, `ERR_EISENMP_TASK` when its constructor or
   * `start()` throws, `ERR_EISENMP_CRASH` when the worker dies at it, `ERR_EISENMP_CLOSED`. Then there is no such instance.
   */
  async create(name: string, input?: unknown): Promise<Instance<Class, Channels>> {
    this.#checkOpen(`create instance ${showValue(name)}`)
    this.#core.roster.ledger.checkName(name)
    const what = `create instance '${name}'`
    const copy = copyForFleet(input, { root: 'input', isPortable: this.#owner.isPortable, what })
    return this.#wrap(await this.#core.roster.create(name, copy))
  }

  /**
   * The instance of that name.
   *
   * @throws {@link EisenmpError} `ERR_EISENMP_NAME` when there is none.
   */
  get(name: string): Instance<Class, Channels> {
    return this.#wrap(this.#core.roster.ledger.get(name))
  }

  /** Whether there is an instance of that name. */
  has(name: string): boolean {
    return this.#core.roster.ledger.find(name) !== undefined
  }

  /** All instances, in the order in which they were created. */
  list(): Instance<Class, Channels>[] {
    return this.#core.roster.ledger.list().map((record) => this.#wrap(record))
  }

  /**
   * Ends a worker; its instances are stopped, or moved to others. No new ones come to it until {@link Fleet.startWorker}.
   *
   * A moved instance is made again with the input it was created with; its state does not go along. Its streams go on, and its
   * commands wait meanwhile; one that was under way is let end first.
   *
   * @param index - The worker's.
   * @returns When the worker has ended.
   * @throws {@link EisenmpError} by rejection: `ERR_EISENMP_FULL` when the others have no room for all that are to be moved;
   * then nothing has changed. `ERR_EISENMP_OPTION` for an index that no worker has, `ERR_EISENMP_CLOSED`.
   */
  async stopWorker(index: number, options: StopWorkerOptions = {}): Promise<StopWorkerReport> {
    const { move = false } = checkOptions('stopWorker()', options, stopTable) as StopWorkerOptions
    this.#checkIndex('stop', index)
    return this.#core.inTurn(index, () => this.#stopWorker(index, move))
  }

  async #stopWorker(index: number, move: boolean): Promise<StopWorkerReport> {
    this.#checkIndex('stop', index)
    const { roster } = this.#core
    const outcomes = move ? await roster.moveAll(index) : await roster.stopAll(index)
    await this.#core.stopWorker(index)
    const errors = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason)
    return { instances: outcomes.length, errors }
  }

  /**
   * Starts the worker of a seat again, after {@link Fleet.stopWorker} or when it had crashed too often. Starts and stops of one
   * worker happen one after another.
   *
   * @returns When it takes instances.
   * @throws {@link EisenmpError} by rejection: `ERR_EISENMP_OPTION` for an index that no worker has, `ERR_EISENMP_CLOSED`, or what
   * keeps it from starting.
   */
  async startWorker(index: number): Promise<void> {
    this.#checkIndex('start', index)
    await this.#core.inTurn(index, async () => {
      this.#checkIndex('start', index)
      await this.#core.startWorker(index)
    })
  }

  #checkIndex(verb: string, index: unknown): void {
    this.#checkOpen(`${verb} worker ${showValue(index)}`)
    const { workers } = this.#core.settings
    if (Number.isInteger(index) && (index as number) >= 0 && (index as number) < workers) return
    const text = `Cannot ${verb} worker ${showValue(index)}: the fleet has ${workers}`
    throw new EisenmpError('ERR_EISENMP_OPTION', `${text}; give an index from 0 to ${workers - 1}`)
  }

  /** The state of every worker, at this moment. */
  stats(): FleetStats {
    return readFleetStats(this.#core)
  }

  /**
   * Ends everything in an orderly way: nothing more is taken in, commands under way and the `stop()` of every instance, side by
   * side, have `drain.inFlightMs`, workers that have not ended after `drain.killAfterMs` are killed. What has no outcome then
   * rejects with `ERR_EISENMP_CLOSED`; streams end.
   *
   * @returns When no process, thread, timer or listener is left; never rejects.
   */
  close(): Promise<void> {
    this.#closing ??= this.#end(() => this.#core.crew.close())
    return this.#closing
  }

  /** Ends everything at once; no `stop()` is called. */
  async destroy(): Promise<void> {
    this.#closing ??= this.#end(() => this.#core.crew.destroy())
    await this.#core.crew.destroy()
    await this.#closing
  }

  async #end(endCrew: () => Promise<void>): Promise<void> {
    this.#core.settings.signal?.removeEventListener('abort', this.#onAbort)
    this.#core.roster.beginClosing()
    await endCrew()
    this.#core.roster.finishClosing()
    this.#core.release()
    unregisterInterruptible(this)
  }

  /** The same as {@link Fleet.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** @internal */
  interrupt(_signal: string, exits: boolean): Promise<void> {
    this.isExiting = exits
    return this.close()
  }

  /** @internal */
  kill(): void {
    void this.destroy()
  }
}
