import type { QueueTraits } from './broker/queue-state.ts'
import type { WorkerDeath } from './errors.ts'
import type { Mark } from './protocol/mark.ts'
import type { FromWorker, ToWorker } from './protocol/messages.ts'
import type { Vitals } from './protocol/vitals.ts'
import type { SharedTools } from './protocol/tool-image.ts'

/** Node's permission model for one worker; whatever is not granted is denied. Paths may end in `*`. */
export interface WorkerPermissions {
  /** Files and folders that may be read, besides those of the worker modules and of this package. */
  readonly fsRead?: readonly string[]
  /** Files and folders that may be written. */
  readonly fsWrite?: readonly string[]
  /** May start processes; they are under no limits. */
  readonly childProcess?: boolean
  /** May start worker threads. */
  readonly worker?: boolean
  /** May load native addons. */
  readonly addons?: boolean
  /** May use `node:wasi`. */
  readonly wasi?: boolean
  /** Denied by default from Node 26 on; Node 22 and 24 cannot deny it. */
  readonly net?: boolean
}

/** Limits of one worker's JavaScript heap and stack, as in `node:worker_threads`. */
export interface WorkerResourceLimits {
  /** The heap for all that lives longer, at least 16 MB. Its end is the worker's end, and a crash. */
  readonly maxOldGenerationSizeMb?: number
  /** The heap for new objects, at least 1 MB. */
  readonly maxYoungGenerationSizeMb?: number
  /** Memory for compiled code; threads only. */
  readonly codeRangeSizeMb?: number
  /** The stack, at least 1 MB. Its end is a `RangeError` in the task. */
  readonly stackSizeMb?: number
}

/** A module that a worker loads. */
export interface WorkerModule {
  readonly url: string
  /** The function of a mate that is called with the toolbox. */
  readonly export: string
}

/** Everything a worker needs to start; cloneable except for what the backend itself uses. */
export interface WorkerSpec {
  readonly id: string
  readonly index: number
  readonly name: string
  /** Main module first, then the mates. */
  readonly modules: readonly WorkerModule[]
  readonly config: unknown
  /** Workers name a queue by its place in this list. */
  readonly queues: readonly QueueTraits[]
  readonly tools?: SharedTools | undefined
  readonly resourceLimits?: WorkerResourceLimits | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly execArgv?: readonly string[] | undefined
  readonly permissions?: WorkerPermissions | undefined
}

/** What a worker does to its owner. After `gone` nothing more comes. */
export interface WorkerEvents {
  message(message: FromWorker): void
  /** The worker broke the protocol; its owner ends it. */
  violated(reason: string): void
  output(stream: 'stdout' | 'stderr', bytes: Uint8Array): void
  /** The one end of every worker, however it came about. */
  gone(death: WorkerExit): void
}

/** How a worker ended, before its owner adds who it was. */
export interface WorkerExit extends Omit<WorkerDeath, 'worker' | 'stderr'> {
  /** What an uncaught error was, when it could be had. */
  readonly error?: unknown
  /** The thread could not be ended and still runs. */
  readonly writtenOff?: boolean
}

/** Whether a worker runs on the `cores` that the pool was told; if not, why. */
export type Pinning = 'pinned' | `not supported: ${string}`

/** Whether a worker has the `nice` that the pool was told; if not, why. */
export type Priority = 'set' | `not supported: ${string}` | `not permitted: ${string}`

/** What became of the options about where a worker runs. `undefined`: nothing was asked for. */
export interface Placement {
  readonly pinning: Pinning | undefined
  readonly priority: Priority | undefined
}

/** One running worker. */
export interface WorkerHandle {
  /** `pid` is 0 while the system has not given one. */
  readonly identity: { readonly pid: number; readonly threadId: number | undefined }
  /** Known once the worker is ready, of one that was to be placed. */
  readonly placement?: Placement | undefined
  /**
   * Sends a message; silently does nothing when the worker is gone, since `gone` tells what became of it.
   *
   * @throws RefusedValue when the message cannot be encoded; then nothing was sent.
   */
  send(message: ToWorker): void
  /** Where the worker is; also after its death. `undefined` when the backend cannot know. */
  mark(): Mark | undefined
  /** What the worker has told of itself; `undefined` when the backend cannot know, and after its end. */
  vitals(): Vitals | undefined
  /** Ends the worker at once, whatever it does. `gone` follows within {@link END_DEADLINE_MS}. */
  end(): void
  /** Whether the worker keeps the program alive. */
  hold(isHeld: boolean): void
}

/** A kind of worker. Nine members with those of {@link WorkerHandle}; one contract suite runs over all backends. */
export interface Backend {
  readonly name: 'threads' | 'processes' | 'inline'
  /** Starts a worker. Never throws: a worker that cannot start is `gone`. */
  start(spec: WorkerSpec, events: WorkerEvents): WorkerHandle
  /** Frees what the backend itself holds, after all workers are gone. */
  close(): Promise<void>
}

/** A worker that was asked to end and has not, is given up after this time. */
export const END_DEADLINE_MS = 1000
