import type { WorkerModule } from '../backend.ts'
import { EisenmpError } from '../errors.ts'
import { type ResolvedModule, resolveModules } from '../loader/module-reference.ts'
import type { ModuleDescription } from '../loader/module-reference.ts'
import { type OptionTable, checkOptions, objectRule, showValue } from '../options.ts'
import { copyConfig } from '../pool/copy-config.ts'
import { countDefaultWorkers } from '../supervisor/default-workers.ts'
import { type HealthRules, readHealth } from '../supervisor/health.ts'
import { planPorts } from './ports/plan-ports.ts'
import { type PlanRow, toPlanRows } from './ports/plan-rows.ts'
import { readMachine } from './ports/port-facts.ts'
import type { PortOptions } from './ports/port-options.ts'
import { portOptionTable, readPortOptions } from './ports/read-port-options.ts'
import type { PlannedWorker } from './ports/port-plan.ts'
import { type ServerLimitOptions, readLimits } from './runtime/limits.ts'
import {
  type OutputLine,
  type ServiceOptions,
  type ServiceRules,
  functionRule,
  readRules,
  serviceTable,
} from './serve-options.ts'
import type { ServerLimits } from './service-spec.ts'

/** Options of {@link serve}. */
export interface ServeOptions extends ServiceOptions, PortOptions {
  /**
   * The module of the servers: `URL`, path relative to the working directory, or package name. It exports a handler,
   * `export default { fetch(request) { … } }`, or `createServer(toolbox)`, which gives an http, https, http2 or net server
   * that does not listen yet.
   */
  readonly module?: URL | string | ModuleDescription
  /**
   * Any program instead of a module, as in `['gunicorn', 'shop:app']`: it gets the listening sockets as systemd would give
   * them, in `LISTEN_FDS` and `LISTEN_PID`, and `HOST` and `PORT` of the first; it is drained by SIGTERM. One that still runs
   * after half a second counts as ready.
   */
  readonly command?: readonly string[]
  /** Called once, in this program, before any worker starts: create the database, migrate. When it throws, nothing starts. */
  readonly prepare?: () => unknown
  /** See {@link ServerLimitOptions}. */
  readonly limits?: ServerLimitOptions
}

/** Options that are checked, with every default filled in. */
export interface ServeSettings extends ServiceRules {
  readonly backend: 'processes' | 'threads'
  readonly command: readonly string[] | undefined
  readonly module: WorkerModule
  readonly config: unknown
  readonly plan: readonly PlannedWorker[]
  readonly health: HealthRules
  readonly limits: ServerLimits
  readonly prepare: (() => unknown) | undefined
  readonly execArgv: readonly string[] | undefined
  readonly nice: number | undefined
  readonly onOutput: ((line: OutputLine) => void) | undefined
  readonly signal: AbortSignal | undefined
}

const WHERE = 'serve()'

const table: OptionTable = {
  ...serviceTable,
  ...portOptionTable,
  command: {
    expected: 'an array of texts: the program and its arguments',
    accepts: (value) => Array.isArray(value) && value.length > 0 && value.every((part) => typeof part === 'string'),
  },
  prepare: functionRule,
  limits: objectRule,
}

function refuse(text: string, repair: string): EisenmpError {
  return new EisenmpError('ERR_EISENMP_OPTION', `Cannot use the options of ${WHERE}: ${text}; ${repair}`)
}

function findModule({ module, command, backend }: Record<string, unknown>): WorkerModule {
  if (command !== undefined) {
    if (module !== undefined) throw refuse("'module' and 'command' are both given", 'give one of them')
    if (backend === 'threads') throw refuse("a 'command' cannot be a thread", "leave out backend: 'threads'")
    return { url: '', export: 'default' }
  }
  if (module === undefined) {
    throw refuse("'module' is missing", "name it: module: new URL('./shop.server.ts', import.meta.url)")
  }
  const [resolved] = resolveModules(Array.isArray(module) ? [undefined] : module) as [ResolvedModule]
  if (resolved.graph === undefined) return resolved
  throw refuse(`'module' is ${showValue(resolved.url)}`, 'servers are not loaded from the network; give a file')
}

/** The plan of what would listen where. */
export function planServe(options: Record<string, unknown>): readonly PlannedWorker[] {
  return planPorts(readPortOptions(WHERE, options), {
    where: WHERE,
    workers: options['workers'] as number | undefined,
    defaultWorkers: countDefaultWorkers(),
    backend: (options['backend'] as 'threads' | undefined) ?? 'processes',
    ...readMachine(),
  })
}

/**
 * Checks all options and plans; nothing is started or bound.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION`, `ERR_EISENMP_MODULE`, `ERR_EISENMP_CLONE`
 */
export function readServeOptions(given: unknown): ServeSettings {
  const options = checkOptions(WHERE, given, table)
  const backend = (options['backend'] as 'threads' | undefined) ?? 'processes'
  return {
    ...(options as unknown as ServeSettings),
    backend,
    ...readRules('serve', options),
    command: options['command'] as readonly string[] | undefined,
    module: findModule(options),
    config: copyConfig(options['config'], backend === 'processes'),
    plan: planServe(options),
    health: readHealth('serve', options['health']),
    limits: readLimits('serve', options['limits']),
  }
}

/**
 * Plans which worker would listen where, without binding or starting anything.
 *
 * @param options - As for {@link serve}.
 * @returns A row for each server.
 * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for what cannot be: ranges that are too small, groups that overlap,
 * adapters that are not there.
 *
 * @example
 * ```ts
 * import assert from 'node:assert/strict'
 * import { planServers } from 'eisenmp/server'
 *
 * const plan = planServers({ groups: [{ name: 'red', workers: 2, ports: { from: 11_000 } }] })
 * assert.deepEqual(plan.map(({ worker, port }) => [worker, port]), [['red-0', 11_000], ['red-1', 11_001]])
 * ```
 */
export function planServers(options: ServeOptions): readonly PlanRow[] {
  return toPlanRows(planServe(checkOptions(WHERE, options, table)))
}
