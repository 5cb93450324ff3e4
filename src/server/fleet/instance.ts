import { EisenmpError } from '../../errors.ts'
import { type OptionTable, abortSignal, checkOptions, integer, milliseconds, oneOf, showValue } from '../../options.ts'
import type { CallLimits } from './command-desk.ts'
import type { CallArguments, CallResult, MethodName, UntypedInstance } from './fleet-types.ts'
import type { StreamPolicy } from './fleet-messages.ts'
import type { InstanceRecord, InstanceState } from './instance-record.ts'
import type { InstanceStream } from './instance-stream.ts'
import type { UntypedChannels } from './instance-toolbox.ts'
import { copyForFleet } from './copy-for-fleet.ts'
import type { Roster } from './roster.ts'

/** Options of {@link Instance.with}. */
export interface CallOptions {
  /** Rejects the call with `ERR_EISENMP_TIMEOUT` when there is no answer after so long, the time that it waits included; in ms. */
  readonly timeoutMs?: number
  /** Rejects the call with its reason. */
  readonly signal?: AbortSignal
}

/** Options of {@link Instance.stream}. */
export interface InstanceStreamOptions {
  /**
   * What becomes of values that come faster than they are read. `wait`: none is lost, the instance waits in `await emit()`.
   * `drop-oldest`: the newest `capacity` values are kept. `latest`: only the newest is.
   *
   * @defaultValue `'wait'`
   */
  readonly policy?: StreamPolicy
  /**
   * Values that may wait here; about as many may wait in the worker. Of `latest` it is 1.
   *
   * @defaultValue 16
   */
  readonly capacity?: number
}

/** What an instance needs of its fleet. */
export interface InstanceOwner {
  readonly roster: Roster
  readonly isPortable: boolean
}

const callTable: OptionTable = { timeoutMs: milliseconds(1), signal: abortSignal }
const streamTable: OptionTable = {
  policy: oneOf('wait', 'drop-oldest', 'latest'),
  capacity: integer(1, 65_536),
}

/** Calls methods of an instance within limits; made by {@link Instance.with}. */
export class InstanceCaller<Class = UntypedInstance> {
  readonly #record: InstanceRecord
  readonly #owner: InstanceOwner
  readonly #limits: CallLimits

  /** @internal */
  constructor(record: InstanceRecord, owner: InstanceOwner, limits: CallLimits) {
    this.#record = record
    this.#owner = owner
    this.#limits = limits
  }

  /** As {@link Instance.call}, within the limits. */
  call<Name extends MethodName<Class>>(
    method: Name,
    ...args: CallArguments<Class, Name>
  ): Promise<CallResult<Class, Name>> {
    try {
      return this.#call(method, args) as Promise<CallResult<Class, Name>>
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #call(method: unknown, args: readonly unknown[]): Promise<unknown> {
    const { state, name, loss } = this.#record
    if (typeof method !== 'string') {
      const text = `Cannot call ${showValue(method)} of instance '${name}'; give the name of a method`
      throw new EisenmpError('ERR_EISENMP_UNKNOWN_TASK', text)
    }
    if (state === 'lost') throw loss
    if (state === 'stopping' || state === 'stopped') {
      const text = `Cannot call '${method}' of instance '${name}': it ${state === 'stopped' ? 'was stopped' : 'is being stopped'}`
      throw new EisenmpError('ERR_EISENMP_CLOSED', `${text}; create it again`)
    }
    this.#limits.signal?.throwIfAborted()
    const { isPortable, roster } = this.#owner
    const copies =
      args.length === 0 ? args : copyForFleet(args, { root: 'args', isPortable, what: `call '${method}' of '${name}'` })
    return roster.desk.call(this.#record, method, copies as readonly unknown[], this.#limits)
  }
}

/**
 * One instance of the fleet's class, in a worker: made by {@link Fleet.create}, found by {@link Fleet.get}.
 *
 * Its commands are run one at a time, each to its end, in the order in which they were asked for; so a method should do its
 * work quickly, or begin it and tell of it by `toolbox.emit()`. Different instances do not wait for each other, except where
 * a method keeps its whole thread busy.
 *
 * @typeParam Class - Type of the instances.
 * @typeParam Channels - What they emit, by channel.
 *
 * @example
 * ```ts
 * // file: adder.worker.ts
 * export class Adder {
 *   #sum = 0
 *   add(n: number): number {
 *     return (this.#sum += n)
 *   }
 * }
 * ```
 * ```ts
 * import assert from 'node:assert/strict'
 * import { createFleet } from 'eisenmp/server'
 * import type { Adder } from './adder.worker.ts'
 *
 * const fleet = await createFleet<Adder>({ module: new URL('./adder.worker.ts', import.meta.url), workers: 2 })
 * const adder = await fleet.create('first')
 * await adder.call('add', 1)
 * assert.equal(await adder.with({ timeoutMs: 1000 }).call('add', 2), 3)
 * await fleet.close()
 * ```
 */
export class Instance<Class = UntypedInstance, Channels = UntypedChannels> {
  readonly #record: InstanceRecord
  readonly #owner: InstanceOwner
  readonly #caller: InstanceCaller<Class>

  /** @internal */
  constructor(record: InstanceRecord, owner: InstanceOwner) {
    this.#record = record
    this.#owner = owner
    this.#caller = new InstanceCaller(record, owner, {})
  }

  /** Its name, unique in the fleet. */
  get name(): string {
    return this.#record.name
  }

  /** The index of its worker; `undefined` when it is lost or was stopped. */
  get worker(): number | undefined {
    return this.#record.worker
  }

  /**
   * `starting`; `running`; `recreating`: its worker has ended, and it waits for the next; `moving` to another worker;
   * `stopping`; `stopped`; `lost` with its worker.
   */
  get state(): InstanceState {
    return this.#record.state
  }

  /**
   * Calls a method: a function of the instance itself or of its classes. What all objects have is no method, nor are
   * `constructor`, `start` and `stop`. Names are only looked up, never run as code.
   *
   * While the instance is being made again or moved, its commands wait.
   *
   * @param method - Its name.
   * @param args - Structured-cloneable; copied at once.
   * @returns What the method returns, awaited, copied.
   * @throws {@link EisenmpError} by rejection: `ERR_EISENMP_TASK` when the method throws (`cause` is what it threw, whole),
   * `ERR_EISENMP_UNKNOWN_TASK` when there is none of that name, `ERR_EISENMP_CLONE` or `ERR_EISENMP_SIZE` when an argument or
   * the result cannot travel, `ERR_EISENMP_CRASH` when the worker dies at it: nobody knows then whether it was done, so it is
   * not repeated; `ERR_EISENMP_FULL` with `queue: { whenFull: 'reject' }`, `ERR_EISENMP_CLOSED` for an instance that was stopped.
   */
  call<Name extends MethodName<Class>>(
    method: Name,
    ...args: CallArguments<Class, Name>
  ): Promise<CallResult<Class, Name>> {
    return this.#caller.call(method, ...args)
  }

  /**
   * Limits for calls: `instance.with({ timeoutMs: 500, signal }).call('listen', true)`. A command that nobody waits for any
   * more is not begun; one that has begun is told by `toolbox.callSignal`, and keeps its instance until it ends.
   *
   * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for a wrong option.
   */
  with(options: CallOptions): InstanceCaller<Class> {
    return new InstanceCaller(this.#record, this.#owner, checkOptions('with()', options, callTable))
  }

  /**
   * Reads what the instance emits on a channel from now on: opened before a command is called, it misses nothing of it. Each
   * stream gets every value. A stream with `policy: 'wait'` that is opened and not read holds its instance up.
   *
   * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for a wrong option, `ERR_EISENMP_CLOSED` for an instance that was stopped,
   * `ERR_EISENMP_CRASH` for one that is lost.
   */
  stream<Name extends keyof Channels & string>(
    channel: Name,
    options: InstanceStreamOptions = {},
  ): InstanceStream<Channels[Name]> {
    const { policy = 'wait', capacity = 16 } = checkOptions('stream()', options, streamTable) as InstanceStreamOptions
    if (typeof channel !== 'string') {
      throw new EisenmpError('ERR_EISENMP_OPTION', `Cannot stream ${showValue(channel)}; give the name of a channel`)
    }
    const { state, name, loss } = this.#record
    if (state === 'lost') throw loss
    if (state === 'stopping' || state === 'stopped') {
      throw new EisenmpError('ERR_EISENMP_CLOSED', `Cannot stream from instance '${name}': it was stopped`)
    }
    const reader = { channel, policy, capacity: policy === 'latest' ? 1 : capacity }
    return this.#owner.roster.streams.open(this.#record, reader) as InstanceStream<Channels[Name]>
  }

  /**
   * Stops the instance: its `toolbox.signal` aborts, commands that were asked for before still run, then its `stop()`,
   * `[Symbol.asyncDispose]()` or `[Symbol.dispose]()` is called and awaited. Commands and `stop()` together have
   * `drain.inFlightMs`. Its streams end, and its name is free again. A second call gives the same promise.
   *
   * @throws {@link EisenmpError} by rejection: `ERR_EISENMP_TASK` when its `stop()` throws, `ERR_EISENMP_TIMEOUT` when it does
   * not end in time, `ERR_EISENMP_CRASH` when the worker dies at it. The instance is gone from the fleet all the same.
   */
  stop(): Promise<void> {
    return this.#owner.roster.stop(this.#record)
  }

  /** The same as {@link Instance.stop}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}
