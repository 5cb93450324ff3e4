import type { Pinning, Priority } from '../backend.ts'
import { readClock } from '../internal/clock.ts'
import { readUsage } from '../supervisor/usage.ts'
import type { SeatView } from '../supervisor/supervision-types.ts'
import type { CrewSeat } from './crew-plan.ts'
import type { LifeRecord } from './life.ts'
import type { Beat } from './service-messages.ts'
import type { ServiceCrew } from './service-crew.ts'

/** One worker of a service at this moment. */
export interface ServiceWorkerStats {
  /** Its seat, from 0 over all groups; stable over restarts. */
  readonly index: number
  /** `red-0`: its group, and its place there. */
  readonly name: string
  /** Its group. */
  readonly group: string
  /** 0 while there is none. */
  readonly pid: number
  /** `undefined` for processes. */
  readonly threadId: number | undefined
  /** Which life of the seat it is, from 0; every start counts one up. */
  readonly generation: number
  /**
   * `starting`; `ready`; `replacing`: it serves and its successor starts; `draining`; `backoff`: waits before the next start;
   * `failed`: crashed too often, the seat stays empty; `retired`; `ended`.
   */
  readonly state: SeatView['state']
  /** How often the seat was started again after its worker had ended by itself. */
  readonly restarts: number
  /** How the last worker of the seat ended. */
  readonly lastExit: string | undefined
  /** Since the start of this life; 0 while there is none. */
  readonly uptimeMs: number
  /** Requests of this life, up to its last beat. */
  readonly requests: number
  /** Requests in flight at its last beat. */
  readonly active: number
  /** Open connections at its last beat. */
  readonly connections: number
  /** How long its event loop was kept waiting at most, in its last interval; `undefined` before the first. */
  readonly lagMs: number | undefined
  /** Share of time that its event loop was busy, from 0 to 1. */
  readonly utilization: number | undefined
  /** JavaScript heap in use, at its last beat. */
  readonly heapMb: number | undefined
  /** Of a process; threads share the program's memory, so that is what it is of. */
  readonly rssMb: number | undefined
  /** CPU time of this life; `undefined` where the system does not tell (not on Linux). */
  readonly cpuMs: number | undefined
  /** Numbers of the cores that it may run on; `undefined` where the system does not tell. */
  readonly cores: readonly number[] | undefined
  /** What became of the option `cores`; `undefined` without it. */
  readonly pinning: Pinning | undefined
  /** Its priority, from -20 to 19, as with `cores`. */
  readonly nice: number | undefined
  /** What became of the option `nice`; `undefined` without it. */
  readonly priority: Priority | undefined
}

const MB = 1024 * 1024

function findNewest(crew: ServiceCrew, seat: number): LifeRecord | undefined {
  return crew.findServing(seat) ?? crew.listLives().findLast((life) => life.seat === seat)
}

/** What a worker has told with its last beat. */
function readBeat(beat: Beat | undefined) {
  const { requests = 0, active = 0, connections = 0, lagMs, utilization, heapMb } = beat ?? {}
  return { requests, active, connections, lagMs, utilization, heapMb }
}

/** What the system says. */
function readLife(life: LifeRecord, programRssMb: number) {
  const { pid, threadId } = life.host.identity
  const backend = threadId === undefined ? 'processes' : 'threads'
  const { rssMb, cpuMs, cores, nice } = readUsage({ backend, pid, systemThreadId: life.systemThreadId }, programRssMb)
  const uptimeMs = Math.round(readClock() - life.startedAtMs)
  return { pid, threadId, generation: life.generation, uptimeMs, rssMb: rssMb ?? life.beat?.rssMb, cpuMs, cores, nice }
}

const nobody = {
  pid: 0,
  threadId: undefined,
  uptimeMs: 0,
  rssMb: undefined,
  cpuMs: undefined,
  cores: undefined,
  nice: undefined,
}

function readWorker(view: SeatView, seat: CrewSeat, life: LifeRecord | undefined, rssMb: number): ServiceWorkerStats {
  const { seat: index, generation, state, restarts, lastExit } = view
  const now = life === undefined ? { ...nobody, generation } : readLife(life, rssMb)
  const { name, group } = seat
  const { pinning, priority } = life ?? {}
  return { index, name, group, state, restarts, lastExit, ...now, ...readBeat(life?.beat), pinning, priority }
}

/** Reads the state of all workers, at this moment. */
export function readServiceStats(crew: ServiceCrew, seats: readonly CrewSeat[]): ServiceWorkerStats[] {
  const rssMb = process.memoryUsage.rss() / MB
  return crew.view().map((view) => readWorker(view, seats[view.seat]!, findNewest(crew, view.seat), rssMb))
}
