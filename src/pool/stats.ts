import type { Books } from '../dispatch/books.ts'
import type { QueueState } from '../broker/queue-state.ts'
import type { Codec } from '../codec/pack.ts'
import type { BackendName } from './pool-options.ts'
import type { Pinning, Priority } from '../backend.ts'
import { readUsage } from '../supervisor/usage.ts'
import type { SeatState, WorkerSeat } from './worker-seat.ts'

/** One worker at this moment. */
export interface WorkerStats {
  /** Unique in the pool, also over restarts. */
  readonly id: string
  /** The worker's seat, from 0; its replacement gets the same one. */
  readonly index: number
  /** The name of its thread, as debuggers show it. */
  readonly name: string
  /** The process it runs in; 0 while there is none. */
  readonly pid: number
  /** `undefined` for processes and inline workers. */
  readonly threadId: number | undefined
  /** `empty`: there is no worker at this moment. */
  readonly state: Exclude<SeatState, 'ready'> | 'idle' | 'busy'
  /** Items answered by all workers of this seat. */
  readonly items: number
  /** How often the seat's worker was replaced. */
  readonly restarts: number
  /**
   * CPU time that this worker has used since it started, in ms: of a process with all its threads, in steps of 10 ms; of a
   * thread without what V8 does for it in threads of its own. `undefined` where the system does not tell: not on Linux, for
   * inline workers, and for threads whose `permissions` keep them from reading `/proc/thread-self`.
   */
  readonly cpuMs: number | undefined
  /**
   * Memory in MB: of a process its own, `undefined` where the system does not tell (not on Linux). Threads and inline
   * workers share the program's, so that is what it is of, and the same for all of them.
   */
  readonly rssMb: number | undefined
  /**
   * How long the worker's event loop kept the question waiting that the previous `stats()` sent it, in ms; one that has not
   * been answered counts with its age. Work that computes holds the loop up as long as one chunk takes. `undefined` before
   * the second call.
   */
  readonly lagMs: number | undefined
  /** Share of time, from 0 to 1, that the event loop had something to do between the last two such questions. */
  readonly utilization: number | undefined
  /** Numbers of the cores that it may run on; `undefined` where the system does not tell, as with `cpuMs`. */
  readonly cores: readonly number[] | undefined
  /** What became of the option `cores`; `undefined` without it, and until the worker is ready. */
  readonly pinning: Pinning | undefined
  /** Its priority, from -20 to 19, as with `cores`. */
  readonly nice: number | undefined
  /** What became of the option `nice`; `undefined` without it, and until the worker is ready. */
  readonly priority: Priority | undefined
}

/** One queue at this moment. */
export interface QueueStats {
  /** Its name within the category. */
  readonly name: string
  /** The group it belongs to, if any. */
  readonly category: string | undefined
  /** Chunks that wait in it. */
  readonly size: number
  /** Chunks that it can hold. */
  readonly capacity: number
  /** Takers that wait for a chunk. */
  readonly takers: number
  /** Chunks that wait for room. */
  readonly putters: number
  /** Chunks that were taken and are not acknowledged. */
  readonly leased: number
  /** Chunks that were put so far. */
  readonly puts: number
  /** Nothing more goes in. */
  readonly isClosed: boolean
}

/**
 * What a pool has done. When it is quiet, `pulled = ok + failed` and
 * `attempts = ok + errors + crashes + timeouts + staleResults`.
 */
export interface PoolStats extends Readonly<Books> {
  /** What a worker is. */
  readonly backend: BackendName
  /** Items without an outcome. */
  readonly inFlight: number
  /**
   * Chunks that crossed the boundary, in both directions, by how: values of one kind as blocks of memory, anything else
   * value by value (`clone`).
   */
  readonly codecs: Readonly<Record<Codec, number>>
  /** Threads that could not be ended and still run. */
  readonly writtenOff: number
  /** One entry for each seat, in the order of their indexes. */
  readonly workers: readonly WorkerStats[]
  /** All queues, the default one first. */
  readonly queues: readonly QueueStats[]
}

interface StatsInput {
  readonly backend: BackendName
  readonly books: Readonly<Books>
  readonly codecs: Readonly<Record<Codec, number>>
  readonly seats: readonly WorkerSeat[]
  readonly queues: readonly QueueState<unknown>[]
  isBusy(worker: string): boolean
}

function readWorker(seat: WorkerSeat, isBusy: boolean, backend: BackendName, ownRssMb: number): WorkerStats {
  const { index, name, workerId: id, starts, answeredItems: items } = seat
  const state = seat.state === 'ready' ? (isBusy ? 'busy' : 'idle') : seat.state
  const { pid } = seat.identity
  const usage = readUsage({ backend, pid, systemThreadId: seat.systemThreadId }, ownRssMb)
  const { pinning, priority } = seat.placement ?? {}
  const restarts = Math.max(0, starts - 1)
  return { id, index, name, ...seat.identity, state, items, restarts, ...usage, ...seat.readLoop(), pinning, priority }
}

function readQueue({ traits, entries, takers, putters, leased, nextPlace, isClosed }: QueueState<unknown>): QueueStats {
  const counts = { size: entries.length, takers: takers.length, putters: putters.length, leased, puts: nextPlace }
  return { ...traits, ...counts, isClosed }
}

export function readStats({ backend, books, codecs, seats, queues, isBusy }: StatsInput): PoolStats {
  const ownRssMb = process.memoryUsage.rss() / 2 ** 20
  return {
    backend,
    ...books,
    inFlight: books.pulled - books.ok - books.failed,
    codecs: { ...codecs },
    writtenOff: seats.reduce((sum, seat) => sum + seat.writtenOff, 0),
    workers: seats.map((seat) => readWorker(seat, isBusy(seat.workerId), backend, ownRssMb)),
    queues: queues.map(readQueue),
  }
}
