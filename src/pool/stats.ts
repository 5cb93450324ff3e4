import type { Books } from '../dispatch/books.ts'
import type { BackendName } from './pool-options.ts'
import type { SeatState, WorkerSeat } from './worker-seat.ts'

/** One worker at this moment. */
export interface WorkerStats {
  readonly id: string
  readonly index: number
  readonly name: string
  readonly pid: number
  /** `undefined` for processes and inline workers. */
  readonly threadId: number | undefined
  readonly state: Exclude<SeatState, 'ready'> | 'idle' | 'busy'
  /** Items answered by all workers of this seat. */
  readonly items: number
  /** How often the seat's worker was replaced. */
  readonly restarts: number
}

/** One queue at this moment. */
export interface QueueStats {
  readonly name: string
  readonly category: string | undefined
  readonly size: number
  readonly capacity: number
}

/**
 * What a pool has done. When it is quiet, `pulled = ok + failed` and
 * `attempts = ok + errors + crashes + timeouts + staleResults`.
 */
export interface PoolStats extends Readonly<Books> {
  readonly backend: BackendName
  /** Items without an outcome. */
  readonly inFlight: number
  /** Threads that could not be ended and still run. */
  readonly writtenOff: number
  readonly workers: readonly WorkerStats[]
  readonly queues: readonly QueueStats[]
}

interface StatsInput {
  readonly backend: BackendName
  readonly books: Readonly<Books>
  readonly seats: readonly WorkerSeat[]
  isBusy(worker: string): boolean
}

function readWorker(seat: WorkerSeat, isBusy: boolean): WorkerStats {
  const { index, name, workerId: id, starts, answeredItems: items } = seat
  const state = seat.state === 'ready' ? (isBusy ? 'busy' : 'idle') : seat.state
  return { id, index, name, ...seat.identity, state, items, restarts: Math.max(0, starts - 1) }
}

export function readStats({ backend, books, seats, isBusy }: StatsInput): PoolStats {
  return {
    backend,
    ...books,
    inFlight: books.pulled - books.ok - books.failed,
    writtenOff: seats.reduce((sum, seat) => sum + seat.writtenOff, 0),
    workers: seats.map((seat) => readWorker(seat, isBusy(seat.workerId))),
    queues: [],
  }
}
