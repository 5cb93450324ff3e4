import { format } from 'node:util'
import { isMainThread, threadId } from 'node:worker_threads'
import type { WorkerLog } from '../../backends/entries/toolbox.ts'
import type { PrintLevel } from '../../protocol/loop-messages.ts'
import type { ServiceSpec } from '../service-spec.ts'

/** Channels whose types are not given: any name, any value. */
export type UntypedChannels = Record<string, unknown>

/** Which worker of a fleet an instance is in, and which life of that worker. */
export interface FleetWorker {
  /** Unique among all lives of all workers: seat and generation, as `2.0`. */
  readonly id: string
  /** The worker's seat, from 0; its replacement gets the same one. */
  readonly index: number
  /** `fleet-2` */
  readonly name: string
  /** The process it runs in: the program's own for threads. */
  readonly pid: number
  /** 0 for processes. */
  readonly threadId: number
  /** Which life of the seat it is, from 0: each restart counts one more. */
  readonly generation: number
}

/**
 * What the class of a fleet gets beside its input: `constructor(input, toolbox)`. Each instance has one of its own.
 *
 * @typeParam Config - Type of `createFleet({ config })`.
 * @typeParam Channels - What is emitted, by channel: `{ audio: Uint8Array }`.
 *
 * @example
 * ```ts
 * import type { InstanceToolbox } from 'eisenmp/server'
 * export class Clock {
 *   readonly #toolbox: InstanceToolbox<{ everyMs: number }, { tick: number }>
 *   readonly #timer: NodeJS.Timeout
 *   constructor(_input: unknown, toolbox: InstanceToolbox<{ everyMs: number }, { tick: number }>) {
 *     this.#toolbox = toolbox
 *     this.#timer = setInterval(() => void toolbox.emit('tick', Date.now()), toolbox.config.everyMs)
 *   }
 *   stop(): void {
 *     clearInterval(this.#timer)
 *     this.#toolbox.log.info('stopped')
 *   }
 * }
 * ```
 */
export interface InstanceToolbox<Config = unknown, Channels = UntypedChannels> {
  /** The `config` of `createFleet()`: frozen, and the same object for all instances of a worker. */
  readonly config: Config
  /** The instance's name. */
  readonly name: string
  /** Which worker it is in. */
  readonly worker: FleetWorker
  /**
   * Gives a value to everyone who reads the channel now: `instance.stream(channel)`. It is copied at once. What is emitted
   * while nobody reads is gone.
   *
   * Resolves at once, except when a reader with `policy: 'wait'` has no room: then when it has. Await it, and the instance is
   * never faster than its readers. Who does not gets at most 1,024 values, or the reader's capacity, ahead; beyond, values are
   * dropped, counted in the reader's `dropped`, and the promise rejects.
   *
   * @returns `true` to go on; `false` once the instance is being stopped, so that `while (await toolbox.emit(…))` ends then.
   * @throws {@link EisenmpError} by rejection: `ERR_EISENMP_CLONE`, `ERR_EISENMP_SIZE` for what cannot be copied,
   * `ERR_EISENMP_FULL` as told above.
   */
  emit<Name extends keyof Channels & string>(channel: Name, value: Channels[Name]): Promise<boolean>
  /** Prints a whole line to the program's stdout; values as in `console.log`. */
  print(...values: readonly unknown[]): void
  /** Lines to the program's stderr. */
  readonly log: WorkerLog
  /** Aborts as soon as the instance is to stop: before the commands that still wait, and before its `stop()`. */
  readonly signal: AbortSignal
  /**
   * Of the method at work, to be read at its beginning: aborts when its caller does not wait any more, since its time is up or
   * its signal has aborted, and when the instance is to stop.
   */
  readonly callSignal: AbortSignal
}

/** What a toolbox is made with. */
export interface InstanceToolboxParts {
  readonly config: unknown
  readonly worker: FleetWorker
  readonly name: string
  readonly signal: AbortSignal
  emit(channel: string, value: unknown): Promise<boolean>
  print(level: PrintLevel, text: string): void
  getCallSignal(): AbortSignal
}

/** Who the worker is that runs here. */
export function describeWorker({ index, name, generation }: ServiceSpec): FleetWorker {
  const id = `${index}.${generation}`
  return Object.freeze({ id, index, name, pid: process.pid, threadId: isMainThread ? 0 : threadId, generation })
}

export function createInstanceToolbox(parts: InstanceToolboxParts): InstanceToolbox {
  const write =
    (level: PrintLevel) =>
    (...values: readonly unknown[]): void =>
      parts.print(level, format(...values))
  return {
    config: parts.config,
    name: parts.name,
    worker: parts.worker,
    emit: (channel, value) => parts.emit(channel, value),
    print: write('print'),
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    signal: parts.signal,
    get callSignal() {
      return parts.getCallSignal()
    },
  }
}
