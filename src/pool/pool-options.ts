import type { WorkerPermissions, WorkerResourceLimits } from '../backend.ts'
import type { QueueTraits } from '../broker/queue-state.ts'
import type { RetryBudgets } from '../dispatch/events.ts'
import { EisenmpError } from '../errors.ts'
import type { ModuleReference } from '../loader/module-reference.ts'
import { countRest } from '../supervisor/core-budget.ts'
import { type QueueTable, readQueues } from './queue-options.ts'
import {
  type OptionTable,
  abortSignal,
  anyValue,
  checkOptions,
  flag,
  integer,
  milliseconds,
  objectRule,
  oneOf,
  positive,
  strings,
} from '../options.ts'
import { envRule, readEnv, readResourceLimits } from './worker-options.ts'
import type { ToolData } from '../tools/hold-tools.ts'
import type { Tool } from '../tools/tool.ts'

/** Name of a backend. */
export type BackendName = 'threads' | 'processes' | 'inline'

/** Options of {@link createPool}. */
export interface PoolOptions {
  /**
   * The worker module, or a list: main module first, then its mates, which are started before it, last first.
   * A `URL`, a path relative to the working directory, a package name, `{ url, export, integrity }`, or a factory
   * `() => new Worker(new URL('./w.ts', import.meta.url), { type: 'module' })`. From the network only with `integrity`.
   */
  readonly modules: ModuleReference | readonly ModuleReference[]
  /**
   * `threads`: cheapest, sharing the fate of the program. `processes`: nothing a worker does can hurt the program.
   * `inline`: in the calling thread, for tests and debugging.
   *
   * @defaultValue `'threads'`
   */
  readonly backend?: BackendName
  /**
   * How many workers to begin with, more than there are cores if you like; `pool.resize()` changes it. `'rest'`: one for each
   * core that the servers and fleets of this program have not taken, at least one, and it follows when they start and end.
   *
   * @defaultValue one for each core that the program may use, or each of `cores`; in a container with a quota of CPU time at
   * most as many as use it up: the quota in cores, rounded up
   */
  readonly workers?: number | 'rest'
  /**
   * Numbers of the cores that the workers may run on, as in `[0, 2, 3]`, or `'each'`: one core for each worker, in turn out
   * of those that the program may use. Replacements are pinned too, before they get any work. It takes Linux and its command
   * `taskset`; elsewhere workers run where the system puts them, and `pool.stats().workers[].pinning` tells why. The
   * program's own thread is not pinned. Inline workers cannot be pinned.
   *
   * @defaultValue none: the system decides, and moves workers to cores that are free
   */
  readonly cores?: readonly number[] | 'each'
  /**
   * Priority of the workers, from -20, before all others, to 19, when nothing else is to do; 0 is what programs usually have.
   * For threads it takes Linux. Less than the program's own takes a privilege; what the system refuses does not keep the
   * pool from working: `pool.stats().workers[].priority` tells.
   *
   * @defaultValue none: the program's own
   */
  readonly nice?: number
  /** Structured-cloneable data: `toolbox.config` in every worker, read only. */
  readonly config?: unknown
  /**
   * Queues by name, or by category and name: `{ words: { capacity: 4 } }`, `{ batch_1: { audio: {}, video: {} } }`. They are
   * in `pool.queues` and `toolbox.queues`. The queue `input` is always there.
   */
  readonly queues?: QueueTable
  /**
   * Big read-only data, once for all workers: name → what {@link tool} makes, or a typed array, `SharedArrayBuffer`, `Set` or
   * `Map` of strings. In a worker it is `toolbox.tools.name`.
   */
  readonly tools?: Readonly<Record<string, Tool | ToolData>>
  /**
   * Separate budgets of one item. `crash` is charged only to an item that was alone, or known to be the running one,
   * when its worker died; 0 means at most once: what may have started fails with `ERR_EISENMP_OUTCOME_UNKNOWN`.
   *
   * @defaultValue `{ crash: 2, error: 0, timeout: 0 }`
   */
  readonly retries?: Partial<RetryBudgets>
  /**
   * Time in ms for one item, from its start in the worker. A worker that spins past it is ended and replaced.
   *
   * @defaultValue none
   */
  readonly itemTimeoutMs?: number
  /**
   * Time in ms for a worker to load its modules.
   *
   * @defaultValue 10 000
   */
  readonly startTimeoutMs?: number
  /**
   * Time in ms for work in flight when the pool closes or is interrupted; then workers are ended.
   *
   * @defaultValue 5 000
   */
  readonly graceMs?: number
  /**
   * With more than `max` unexplained deaths of workers within `withinMs`, the pool gives up.
   *
   * @defaultValue `{ max: 10, withinMs: 60_000 }`
   */
  readonly restarts?: { readonly max?: number; readonly withinMs?: number }
  /**
   * Replace a worker between chunks after so many items, or when its heap has grown so large.
   *
   * @defaultValue never
   */
  readonly recycle?: { readonly afterItems?: number; readonly maxHeapMb?: number }
  /** Heap and stack limits of each worker. Memory outside the JavaScript heap (Buffers) is not limited by them. */
  readonly resourceLimits?: WorkerResourceLimits
  /**
   * Environment of the workers.
   *
   * @defaultValue the program's own
   */
  readonly env?: Readonly<Record<string, string | undefined>>
  /**
   * Node options of the workers.
   *
   * @defaultValue the program's own, less those for its debugger, test runner and main script
   */
  readonly execArgv?: readonly string[]
  /** Node's permission model for each worker: what is not granted is denied. A seat belt, no sandbox. */
  readonly permissions?: WorkerPermissions
  /** Ends the pool and everything in it, which rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Options with every default filled in. */
export interface PoolSettings extends Omit<
  PoolOptions,
  'workers' | 'retries' | 'restarts' | 'recycle' | 'env' | 'queues'
> {
  readonly queues: readonly QueueTraits[]
  readonly env?: Readonly<Record<string, string>>
  readonly backend: BackendName
  readonly workers: number
  /** The number of workers follows what servers leave. */
  readonly takesRest: boolean
  readonly retries: RetryBudgets
  readonly startTimeoutMs: number
  readonly graceMs: number
  readonly restarts: { readonly max: number; readonly withinMs: number }
  readonly recycle: { readonly afterItems?: number; readonly maxHeapMb?: number }
}

/** More threads or processes than this is a mistake, not a wish. */
const MAX_WORKERS = 1024

const coresRule = {
  expected: "'each' or an array of numbers of cores, each once",
  accepts: (value: unknown) => {
    if (!Array.isArray(value)) return value === 'each'
    const isCore = (core: unknown): boolean => Number.isSafeInteger(core) && (core as number) >= 0
    return value.length > 0 && value.every(isCore) && new Set(value).size === value.length
  },
}

/** How many workers there may be. */
export const sizeTable: OptionTable = { workers: integer(1, MAX_WORKERS) }

const workersRule = {
  expected: `${sizeTable['workers']!.expected}, or 'rest'`,
  accepts: (value: unknown) => value === 'rest' || sizeTable['workers']!.accepts(value),
}

const table: OptionTable = {
  modules: anyValue,
  backend: oneOf('threads', 'processes', 'inline'),
  workers: workersRule,
  cores: coresRule,
  nice: integer(-20, 19),
  config: anyValue,
  queues: objectRule,
  tools: objectRule,
  retries: objectRule,
  itemTimeoutMs: milliseconds(1),
  startTimeoutMs: milliseconds(1),
  graceMs: milliseconds(0),
  restarts: objectRule,
  recycle: objectRule,
  resourceLimits: objectRule,
  env: envRule,
  execArgv: strings,
  permissions: objectRule,
  signal: abortSignal,
}

const retriesTable: OptionTable = { crash: integer(0), error: integer(0), timeout: integer(0) }
const restartsTable: OptionTable = { max: integer(0), withinMs: milliseconds(1) }
const recycleTable: OptionTable = { afterItems: integer(1), maxHeapMb: positive('a positive number of MB') }

const permissionsTable: OptionTable = {
  fsRead: strings,
  fsWrite: strings,
  childProcess: flag,
  worker: flag,
  addons: flag,
  wasi: flag,
  net: flag,
}

/**
 * Checks all options of a pool and fills in the defaults; nothing is started.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION`
 */
export function checkPoolOptions(given: unknown, defaultWorkers: (cores: unknown) => number): PoolSettings {
  const options = checkOptions('createPool()', given, table)
  const check = (name: string, rules: OptionTable): Record<string, unknown> =>
    checkOptions(`createPool({ ${name} })`, options[name] ?? {}, rules)
  if (options['modules'] === undefined) throw explainNoModules()
  const takesRest = options['workers'] === 'rest'
  const countWorkers = (): number => {
    const count = defaultWorkers(options['cores'])
    return Math.min(takesRest ? countRest(count) : count, MAX_WORKERS)
  }
  const settings = {
    // What is left out must not be found in Object.prototype later.
    __proto__: null,
    backend: 'threads',
    startTimeoutMs: 10_000,
    graceMs: 5_000,
    ...options,
    workers: takesRest ? countWorkers() : (options['workers'] ?? countWorkers()),
    takesRest,
    retries: { crash: 2, error: 0, timeout: 0, ...check('retries', retriesTable) },
    restarts: { max: 10, withinMs: 60_000, ...check('restarts', restartsTable) },
    recycle: check('recycle', recycleTable),
    queues: readQueues(options['queues']),
  }
  const optional = {
    resourceLimits: readResourceLimits('createPool', options['resourceLimits']),
    permissions: options['permissions'] === undefined ? undefined : check('permissions', permissionsTable),
    env: readEnv(options['env']),
  }
  return Object.assign(settings, optional) as unknown as PoolSettings
}

function explainNoModules(): EisenmpError {
  const repair = "name the worker module: modules: new URL('./tasks.worker.ts', import.meta.url)"
  return new EisenmpError(
    'ERR_EISENMP_OPTION',
    `Cannot use the options of createPool(): 'modules' is missing; ${repair}`,
  )
}
