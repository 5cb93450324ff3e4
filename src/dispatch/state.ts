import type { WorkerDeath } from '../errors.ts'
import type { Books } from './books.ts'
import type { DispatchPolicy, Instruction, JobSpec, Unit } from './events.ts'

/** What one item has used of its budgets. */
export interface ItemHistory {
  crash: number
  error: number
  timeout: number
  readonly deaths: WorkerDeath[]
}

/** A chunk that was pulled and is not consumed. */
export interface ChunkState {
  readonly count: number
  /** Items without an outcome. */
  open: number
  cancelled: boolean
  /** Only of items that failed at least once. */
  readonly histories: Map<number, ItemHistory>
}

export interface JobState {
  readonly id: number
  readonly spec: JobSpec
  /** First in, first out; what comes back goes to the front, since the oldest chunk holds up the order. */
  readonly pending: Unit[]
  readonly chunks: Map<number, ChunkState>
  lastSerial: number
  pulling: boolean
  ended: boolean
  cancelled: boolean
}

export interface WorkerState {
  readonly id: string
  /** Oldest first; the worker works in this order. */
  readonly held: Unit[]
  answered: number
  retiring: boolean
  stopping: boolean
  /** We asked for its end. */
  ending: boolean
  /** The item whose time is up, by its place in the chunk; the unit's start when only the unit is known. */
  timedOut: { readonly unit: number; readonly index: number } | undefined
}

export interface DispatchState {
  readonly policy: DispatchPolicy
  readonly workers: Map<string, WorkerState>
  /** In turn: the first is served next. */
  readonly jobs: Map<number, JobState>
  readonly books: Books
  nextUnit: number
  closing: boolean
  out: Instruction[]
}

export function isUnwanted(state: DispatchState, unit: Unit): boolean {
  const job = state.jobs.get(unit.job)
  if (job === undefined || job.cancelled) return true
  return job.chunks.get(unit.serial)?.cancelled ?? true
}

/** Makes part of a unit a unit of its own; the place of its items in the chunk stays. */
export function cutUnit(state: DispatchState, unit: Unit, from: number, count: number, change: Partial<Unit> = {}): Unit {
  const share = unit.expectedMs === undefined ? undefined : (unit.expectedMs * count) / unit.count
  return { ...unit, expectedMs: share, ...change, id: state.nextUnit++, from, start: from, count }
}

export function findHistory(chunk: ChunkState, index: number): ItemHistory {
  let history = chunk.histories.get(index)
  if (history === undefined) {
    history = { crash: 0, error: 0, timeout: 0, deaths: [] }
    chunk.histories.set(index, history)
  }
  return history
}
