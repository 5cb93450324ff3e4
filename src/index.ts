import { createInlineBackend } from './backends/inline.ts'
import { createProcessesBackend } from './backends/processes.ts'
import { createThreadsBackend } from './backends/threads.ts'
import { startPool } from './pool/create-pool.ts'
import { Pool } from './pool/pool.ts'
import type { PoolOptions } from './pool/pool-options.ts'
import type { UntypedModule } from './pool/task-types.ts'

export type { Activity, EmitOptions, Toolbox, WorkerIdentity, WorkerLog } from './backends/entries/toolbox.ts'
export type { WorkerPermissions, WorkerResourceLimits } from './backend.ts'
export type { RetryBudgets } from './dispatch/events.ts'
export type { Books } from './dispatch/books.ts'
export { EisenmpError } from './errors.ts'
export type { EisenmpErrorCode, EisenmpErrorDetails, Ticket, WorkerDeath } from './errors.ts'
export type { ModuleDescription, ModuleReference, WorkerFactory } from './loader/module-reference.ts'
export { Pool } from './pool/pool.ts'
export type { PoolEvents, RunArguments, RunOptions } from './pool/pool.ts'
export { QueuePool } from './pool/queue-pool.ts'
export type { ResultOptions } from './pool/queue-pool.ts'
export type { FeedOptions } from './pool/feeder.ts'
export type { LoopOptions } from './pool/loop-job.ts'
export type { BackendName, PoolOptions } from './pool/pool-options.ts'
export type { Progress } from './pool/progress-meter.ts'
export type { QueueOptions, QueueTable } from './pool/queue-options.ts'
export type { LoopName, PoolQueues } from './pool/queue-types.ts'
export { ResultStore } from './pool/result-store.ts'
export type { Result } from './pool/results.ts'
export type { PoolStats, QueueStats, WorkerStats } from './pool/stats.ts'
export { Stream } from './pool/stream.ts'
export type { ErrorPolicy, StreamOptions } from './pool/stream-options.ts'
export type * from './pool/task-types.ts'
export type { Chunk, PutOptions, Puttable, Queue, WorkerQueue } from './queue.ts'
export { csv } from './sources/csv.ts'
export type { CsvColumnOptions, CsvColumnsOptions, CsvFileOptions } from './sources/csv.ts'
export { lines } from './sources/lines.ts'
export { indexed } from './sources/module-source.ts'
export type { IndexedOptions, SliceableSource } from './sources/module-source.ts'
export { permutations } from './sources/permutations.ts'
export type { PermutationsOptions } from './sources/permutations.ts'
export { range } from './sources/range.ts'
export type { Pinning, Priority } from './backend.ts'
export type { ChunkLimits } from './stream/chunk-size.ts'
export { IndexedSource } from './stream/indexed-source.ts'
export type { Source, WebStream } from './stream/source.ts'
export type { TelemetryEvents } from './telemetry.ts'
export type { ColumnData } from './tools/build-columns.ts'
export type { ToolData } from './tools/hold-tools.ts'
export type { ColumnOf, ColumnType, ToolSource } from './tools/make-tools.ts'
export type { TypedArray, TypedArrayClass, TypedBigInts, TypedNumbers } from './tools/number-types.ts'
export type { FilePath, Items } from './tools/read-source.ts'
export { Tool } from './tools/tool.ts'
export type { OpenedTool } from './tools/tool.ts'
export { tool } from './tools/tool-builders.ts'
export type { ToolBuilders } from './tools/tool-builders.ts'
export type { ColumnTable, KeyTable, NumberList, StringList, TableValue, WordSet } from './tools/tool-types.ts'

const backends = { threads: createThreadsBackend, processes: createProcessesBackend, inline: createInlineBackend }

/**
 * Starts workers and loads the worker modules into each.
 *
 * Everything that can be checked is checked before any worker starts. Workers start together; the pool is ready with
 * the first of them, and goes on with those that get ready if others fail.
 *
 * @typeParam Module - Type of the main module, so that names, items and results of tasks are checked by the compiler.
 * @param options - See {@link PoolOptions}.
 * @throws {@link EisenmpError} `ERR_EISENMP_OPTION` for a wrong or misspelt option, `ERR_EISENMP_MODULE` when a worker
 * module is missing, cannot be parsed or throws while it is loaded (`cause` is the original), `ERR_EISENMP_START` when
 * no worker gets ready, `ERR_EISENMP_CLONE` when `config` cannot be copied; or the reason of `signal`.
 *
 * @example
 * ```ts
 * // file: primes.worker.ts
 * export function isPrime(n: number): boolean {
 *   for (let d = 2; d * d <= n; d++) if (n % d === 0) return false
 *   return n > 1
 * }
 * ```
 * ```ts
 * import { createPool } from 'eisenmp'
 * import type * as Primes from './primes.worker.ts'
 *
 * const pool = await createPool<typeof Primes>({ modules: new URL('./primes.worker.ts', import.meta.url) })
 * for await (const prime of pool.from([2, 3, 4, 5]).filter('isPrime')) console.log(prime)
 * await pool.close()
 * ```
 */
export async function createPool<Module = UntypedModule>(options: PoolOptions): Promise<Pool<Module>> {
  return new Pool<Module>(await startPool(options, backends))
}
