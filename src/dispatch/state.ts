import type { WorkerDeath } from '../errors.ts'
import type { Books } from './books.ts'
import type { DispatchPolicy, Instruction, JobSpec, Unit } from './events.ts'
import type { UnitQueue } from './pending.ts'

/** What one item has used of its budgets. */
export interface ItemHistory {
  crash: number
  error: number
  timeout: number
  /** Those charged to its `crash` budget. */
  readonly deaths: WorkerDeath[]
}

/** A chunk that was pulled, and is neither consumed nor cancelled. */
export interface ChunkState {
  /** Items without an outcome. */
  open: number
  /** Units of it that wait to be sent. */
  waiting: number
  /** Only of items that failed at least once. */
  histories: Map<number, ItemHistory> | undefined
}

export interface JobState {
  readonly id: number
  readonly spec: JobSpec
  /** First in, first out; what comes back goes to the front, since the oldest chunk holds up the order. */
  readonly pending: UnitQueue
  /** By serial number, in the order they were pulled. */
  readonly chunks: Map<number, ChunkState>
  lastSerial: number
  pulling: boolean
  ended: boolean
}

export interface WorkerState {
  readonly id: string
  /** Oldest first; the worker works in this order. */
  readonly held: Unit[]
  answered: number
  retiring: boolean
  stopping: boolean
  /** We asked for its end, for no fault of its own. */
  ending: boolean
  /** It gave an answer that cannot be: it gets no more work, and no more hearing, until it is gone. */
  broken: boolean
  /** The unit that takes far longer than expected; 0 when none does. */
  stalled: number
  /** The item whose time is up, by its place in the chunk; no index when only its unit is known. */
  timedOut: { readonly unit: number; readonly index: number | undefined } | undefined
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

/** Nobody waits for the unit any more: its job or its chunk was cancelled. */
export function isUnwanted(state: DispatchState, unit: Unit): boolean {
  return state.jobs.get(unit.job)?.chunks.has(unit.serial) !== true
}

/** Forgets a job that has ended and has nothing left to be consumed. */
export function forgetIfOver(state: DispatchState, job: JobState): void {
  if (job.ended && job.chunks.size === 0) state.jobs.delete(job.id)
}

/** What part of a unit will take. */
export function shareMs({ expectedMs, count }: Unit, part: number): number | undefined {
  return expectedMs === undefined ? undefined : (expectedMs * part) / count
}

/** Makes part of a unit a unit of its own; the place of its items in the chunk stays. */
export function cutUnit(
  state: DispatchState,
  unit: Unit,
  from: number,
  count: number,
  change: Partial<Unit> = {},
): Unit {
  return { ...unit, expectedMs: shareMs(unit, count), ...change, id: state.nextUnit++, from, start: from, count }
}

export function findHistory(chunk: ChunkState, index: number): ItemHistory {
  chunk.histories ??= new Map()
  let history = chunk.histories.get(index)
  if (history === undefined) {
    history = { crash: 0, error: 0, timeout: 0, deaths: [] }
    chunk.histories.set(index, history)
  }
  return history
}
