import type { WorkerModule } from '../../backend.ts'
import { EisenmpError } from '../../errors.ts'
import { type ModuleDescription, type ResolvedModule, resolveModules } from '../../loader/module-reference.ts'
import { type OptionTable, checkOptions, integer, objectRule, oneOf, showValue } from '../../options.ts'
import { copyConfig } from '../../pool/copy-config.ts'
import { countDefaultWorkers } from '../../supervisor/default-workers.ts'
import { type HealthRules, readHealth } from '../../supervisor/health.ts'
import { type OutputLine, type ServiceOptions, type ServiceRules, readRules, serviceTable } from '../serve-options.ts'
import type { Placement } from './placement.ts'

/** How many commands may be on their way to a worker. */
export interface CommandQueueOptions {
  /**
   * Commands that wait in a worker, each behind another one of its instance. A command of an instance that has nothing to do
   * never waits, and takes no room.
   *
   * @defaultValue 64
   */
  readonly capacity?: number
  /**
   * What becomes of a command when they are so many: `wait`: it waits in this program, in order; `reject`: it rejects with
   * `ERR_EISENMP_FULL`.
   *
   * @defaultValue `'wait'`
   */
  readonly whenFull?: 'wait' | 'reject'
}

/** Options of {@link createFleet}. */
export interface FleetOptions extends ServiceOptions {
  /**
   * The module with the class: `URL`, path relative to the working directory, or package name. The class is its default
   * export, or the only class that it exports; of several name one: `{ url, export: 'Radio' }`.
   */
  readonly module: URL | string | ModuleDescription
  /**
   * Which worker a new instance goes to. `balanced`: the one with the fewest, of several that with the lowest index.
   * `packed`: the lowest index that has room. A function gets the workers with room, and returns the index of one.
   *
   * @defaultValue `'balanced'`
   */
  readonly placement?: Placement
  /**
   * Instances that a worker has at most, whatever the placement; never exceeded.
   *
   * @defaultValue no limit
   */
  readonly maxPerWorker?: number
  /**
   * What becomes of the instances of a worker that has ended without being told to. `recreate`: they are made again in the
   * worker that follows it, with the input they had. `report`: they are lost, and the event `lost` tells it.
   *
   * @defaultValue `'recreate'`
   */
  readonly onWorkerLost?: 'recreate' | 'report'
  /** See {@link CommandQueueOptions}. */
  readonly queue?: CommandQueueOptions
}

/** Options that are checked, with every default filled in. */
export interface FleetSettings extends ServiceRules {
  readonly backend: 'processes' | 'threads'
  readonly workers: number
  readonly module: WorkerModule
  readonly config: unknown
  readonly placement: Placement
  readonly maxPerWorker: number
  readonly onWorkerLost: 'recreate' | 'report'
  readonly queue: Required<CommandQueueOptions>
  readonly health: HealthRules
  readonly execArgv: readonly string[] | undefined
  readonly nice: number | undefined
  readonly onOutput: ((line: OutputLine) => void) | undefined
  readonly signal: AbortSignal | undefined
}

const WHERE = 'createFleet()'

const table: OptionTable = {
  ...serviceTable,
  placement: {
    expected: "'balanced', 'packed' or a function",
    accepts: (value) => value === 'balanced' || value === 'packed' || typeof value === 'function',
  },
  maxPerWorker: integer(1),
  onWorkerLost: oneOf('recreate', 'report'),
  queue: objectRule,
}

const queueTable: OptionTable = { capacity: integer(1, 65_536), whenFull: oneOf('wait', 'reject') }

function findModule(module: unknown): WorkerModule {
  if (module === undefined) {
    const repair = "name it: module: new URL('./radio.worker.ts', import.meta.url)"
    throw new EisenmpError('ERR_EISENMP_OPTION', `Cannot use the options of ${WHERE}: 'module' is missing; ${repair}`)
  }
  const [resolved] = resolveModules(Array.isArray(module) ? [undefined] : module) as [ResolvedModule]
  if (resolved.graph === undefined) return resolved
  const text = `Cannot use option 'module' of ${WHERE}: it is ${showValue(resolved.url)}`
  throw new EisenmpError('ERR_EISENMP_OPTION', `${text}; fleets are not loaded from the network; give a file`)
}

/**
 * Checks all options; nothing is started.
 *
 * @throws EisenmpError `ERR_EISENMP_OPTION`, `ERR_EISENMP_MODULE`, `ERR_EISENMP_CLONE`
 */
export function readFleetOptions(given: unknown): FleetSettings {
  const options = checkOptions(WHERE, given, table)
  const backend = (options['backend'] as 'threads' | undefined) ?? 'processes'
  const queue = checkOptions('createFleet({ queue })', options['queue'] ?? {}, queueTable)
  return {
    ...(options as unknown as FleetSettings),
    placement: (options['placement'] as Placement | undefined) ?? 'balanced',
    maxPerWorker: (options['maxPerWorker'] as number | undefined) ?? Infinity,
    onWorkerLost: (options['onWorkerLost'] as 'report' | undefined) ?? 'recreate',
    ...readRules('createFleet', options),
    backend,
    workers: (options['workers'] as number | undefined) ?? countDefaultWorkers(),
    module: findModule(options['module']),
    config: copyConfig(options['config'], backend === 'processes'),
    queue: { capacity: 64, whenFull: 'wait', ...queue },
    health: readHealth('createFleet', options['health']),
  }
}
