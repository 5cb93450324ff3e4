import { fileURLToPath } from 'node:url'
import * as tasks from './workers/tasks.ts'

/** How a pool runs its workers. A fault that ends the whole program in a thread is not asked of threads. */
export type PoolMode = 'threads' | 'processes'

/** What a case wants of a pool; everything not named here stays at the pool's own default. */
export interface PoolSettings {
  /** How many workers, exactly. */
  workers: number
  /** A worker module instead of the shared tasks, absolute path. */
  module?: string
  /** Heap limit of a worker in MB, by the pool's own option. */
  heapMb?: number
  /** Time limit of a call in milliseconds, for pools that take it when they are created. */
  timeoutMs?: number
  /** Ask a process pool for Node's advanced serialization, if it has such an option. */
  advanced?: boolean
}

/** A pool that is open. At most eight members, so that a peer's driver stays one short file. */
export interface OpenPool {
  /** Runs one exported task on one item; `timeoutMs` is for pools that limit the time of a single call. */
  run(task: string, item: unknown, timeoutMs?: number): Promise<unknown>
  /** Maps a source in order; only pools that can do it themselves have it, the others get `mapInWindow`. */
  map?(task: string, source: AsyncIterable<unknown>): AsyncIterable<unknown>
  /** Ends the pool in the way its manual gives for an orderly end. */
  close(): Promise<unknown>
  /** Ends the pool now, whatever is still running. */
  destroy(): Promise<unknown>
}

/** One pool in one mode. */
export interface Peer {
  /** Column in the table and value of `--only`. */
  name: string
  /** npm package; its version is read from the installed package. */
  package: string
  mode: PoolMode
  /** By what means the pool limits the time of a call; `null` if it has none. */
  timeLimit: string | null
  /** Whether its processes speak JSON unless told otherwise. */
  hasAdvancedOption: boolean
  open(settings: PoolSettings): Promise<OpenPool>
}

/** Names of all tasks, for pools that want them listed. */
export const TASK_NAMES: readonly string[] = Object.keys(tasks)

/** Absolute path of a file in `workers/`. */
export function toWorkerPath(file: string): string {
  return fileURLToPath(new URL(`./workers/${file}`, import.meta.url))
}
