import type { WorkerResourceLimits } from '../backend.ts'
import { EisenmpError } from '../errors.ts'
import {
  type OptionTable,
  abortSignal,
  anyValue,
  checkOptions,
  integer,
  milliseconds,
  objectRule,
  oneOf,
  strings,
} from '../options.ts'
import { envRule, readEnv, readResourceLimits } from '../pool/worker-options.ts'
import type { HealthOptions } from '../supervisor/health.ts'
import type { RestartMode, SupervisionRules } from '../supervisor/supervision-types.ts'
import type { DrainTimes } from './service-spec.ts'

/** When and how often workers that have ended are started again. */
export interface RestartOptions {
  /**
   * `permanent`: whenever a worker has ended. `transient`: after a crash only. `temporary`: never.
   *
   * @defaultValue `'permanent'`
   */
  readonly policy?: RestartMode
  /**
   * The first restart is at once; from the second on they wait `firstMs`, twice as long each time, up to `maxMs`, give or
   * take a fifth.
   *
   * @defaultValue `{ firstMs: 100, maxMs: 15_000 }`
   */
  readonly backoff?: { readonly firstMs?: number; readonly maxMs?: number }
  /**
   * With more crashes than this within `withinMs` the worker's seat stays empty.
   *
   * @defaultValue 5
   */
  readonly max?: number
  /**
   * The time in ms that `max` is about.
   *
   * @defaultValue 30 000
   */
  readonly withinMs?: number
}

/** How a worker ends without losing a request; times in ms. */
export interface DrainOptions {
  /**
   * How long idle keep-alive connections stay open for one more request. Should be longer than a proxy in front keeps idle
   * connections, and never shorter than one round trip of a client.
   *
   * @defaultValue 1 500
   */
  readonly idleGraceMs?: number
  /**
   * How long requests in flight may take. What lasts longer is cut, and counted in `cutRequests`.
   *
   * @defaultValue 10 000
   */
  readonly inFlightMs?: number
  /**
   * A worker that has not ended after this time is killed.
   *
   * @defaultValue 15 000
   */
  readonly killAfterMs?: number
}

/** A line that a worker has printed. */
export interface OutputLine {
  /** `red-0` */
  readonly worker: string
  /** The number of the worker, from 0 over all groups. */
  readonly index: number
  /** Where the worker has written it. */
  readonly stream: 'stdout' | 'stderr'
  /** Without its end; as the worker has written it, control characters included. */
  readonly text: string
}

/** What services of all kinds, servers and fleets, have in common. */
export interface ServiceOptions {
  /**
   * `processes`: a crash of one worker, native ones too, is no other's. `threads`: quicker to start and smaller, sharing the
   * fate of the program.
   *
   * @defaultValue `'processes'`
   */
  readonly backend?: 'processes' | 'threads'
  /**
   * How many workers.
   *
   * @defaultValue one for each core that the program may use
   */
  readonly workers?: number
  /** Structured-cloneable data: `toolbox.config` in every worker. */
  readonly config?: unknown
  /** See {@link RestartOptions}. */
  readonly restart?: RestartOptions
  /** See {@link HealthOptions}. */
  readonly health?: HealthOptions
  /** See {@link DrainOptions}. */
  readonly drain?: DrainOptions
  /**
   * Time in ms for a worker to get ready.
   *
   * @defaultValue 30 000
   */
  readonly startTimeoutMs?: number
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
  /**
   * Priority of the workers, from -20, before all others, to 19, when nothing else is to do. For threads it takes Linux; less
   * than the program's own takes a privilege. What became of it is in `stats().workers[].priority`.
   *
   * @defaultValue none: the program's own
   */
  readonly nice?: number
  /** Heap and stack limits of each worker. */
  readonly resourceLimits?: WorkerResourceLimits
  /**
   * Where lines go that workers print: each to the program's own stdout or stderr, or to this function.
   *
   * @defaultValue the program's own
   */
  readonly onOutput?: (line: OutputLine) => void
  /** Closes everything when it is aborted. */
  readonly signal?: AbortSignal
}

export const functionRule = {
  expected: 'a function',
  accepts: (value: unknown): boolean => typeof value === 'function',
}

/** The rows that all services have. */
export const serviceTable: OptionTable = {
  module: anyValue,
  backend: oneOf('processes', 'threads'),
  workers: integer(1, 1024),
  config: anyValue,
  restart: objectRule,
  health: objectRule,
  drain: objectRule,
  startTimeoutMs: milliseconds(1),
  env: envRule,
  execArgv: strings,
  nice: integer(-20, 19),
  resourceLimits: objectRule,
  onOutput: functionRule,
  signal: abortSignal,
}

const restartTable: OptionTable = {
  policy: oneOf('permanent', 'transient', 'temporary'),
  backoff: objectRule,
  max: integer(0),
  withinMs: milliseconds(1),
}
const backoffTable: OptionTable = { firstMs: milliseconds(1), maxMs: milliseconds(1) }
const drainTable: OptionTable = {
  idleGraceMs: milliseconds(0),
  inFlightMs: milliseconds(0),
  killAfterMs: milliseconds(1),
}

/** What all services have in common, with the defaults filled in. */
export interface ServiceRules {
  readonly rules: SupervisionRules
  readonly drain: DrainTimes
  readonly env: Readonly<Record<string, string>> | undefined
  readonly resourceLimits: WorkerResourceLimits | undefined
}

/**
 * Reads what is about restarts, draining, and the surroundings of workers.
 *
 * @param where - The call, for messages: `serve`.
 * @throws EisenmpError `ERR_EISENMP_OPTION`
 */
export function readRules(where: string, options: Readonly<Record<string, unknown>>): ServiceRules {
  const check = (name: string, given: unknown, table: OptionTable): Record<string, unknown> =>
    checkOptions(`${where}({ ${name} })`, given ?? {}, table)
  const restart = check('restart', options['restart'], restartTable)
  const backoff = check('restart: { backoff }', restart['backoff'], backoffTable)
  const drain = {
    idleGraceMs: 1500,
    inFlightMs: 10_000,
    killAfterMs: 15_000,
    ...check('drain', options['drain'], drainTable),
  }
  if (drain.killAfterMs < drain.inFlightMs) {
    const text = `Cannot use option 'killAfterMs' of ${where}({ drain }): it is ${drain.killAfterMs}`
    const repair = `requests in flight have ${drain.inFlightMs} ms (inFlightMs); give at least that much`
    throw new EisenmpError('ERR_EISENMP_OPTION', `${text}; ${repair}`)
  }
  const rules = {
    restart: {
      policy: 'permanent',
      max: 5,
      withinMs: 30_000,
      ...restart,
      backoff: { firstMs: 100, maxMs: 15_000, ...backoff },
    },
    startTimeoutMs: (options['startTimeoutMs'] as number | undefined) ?? 30_000,
    killAfterMs: drain.killAfterMs,
  } as SupervisionRules
  return {
    rules,
    drain: { idleGraceMs: drain.idleGraceMs, inFlightMs: drain.inFlightMs },
    env: readEnv(options['env']),
    resourceLimits: readResourceLimits(where, options['resourceLimits']),
  }
}
