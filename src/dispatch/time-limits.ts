import { MARK_UNKNOWN } from '../protocol/mark.ts'
import type { ResultsEvent, Unit } from './events.ts'
import { type DispatchState, type WorkerState, isUnwanted } from './state.ts'

/** Whether the item's time is up; any item of the unit may be meant when only the unit is known. */
export function isLate({ timedOut }: WorkerState, unit: Unit, index: number): boolean {
  if (timedOut?.unit !== unit.id) return false
  return timedOut.index === undefined || timedOut.index === index
}

/** The item of an answer whose failure is put down to its time limit, by its place in the chunk. */
export function findLate({ timedOut }: WorkerState, unit: Unit, event: ResultsEvent): number | undefined {
  if (timedOut?.unit !== unit.id) return undefined
  if (timedOut.index !== undefined) return timedOut.index
  // The abort ended what was in work, and that comes last.
  const last = event.failures.at(-1)
  return last === undefined ? undefined : unit.from + last.offset
}

/**
 * An answer that covers the late item ends the matter, also when the item came through after all. When only the unit is
 * known, it may be of items before: the abort makes the worker part with the unit, so the last answer is waited for.
 */
export function forgetAnswered(worker: WorkerState, unit: Unit, event: ResultsEvent): void {
  const { timedOut } = worker
  if (timedOut?.unit !== unit.id) return
  if (event.last || (timedOut.index ?? Infinity) < unit.from + event.count) worker.timedOut = undefined
}

/** The late item: its place in the chunk, `unknown` when only its unit is known, `answered` when the clock was late. */
function findItem(unit: Unit, offset: number): number | 'unknown' | 'answered' {
  const index = unit.start + offset
  // A mark is written by the worker, so it may be anything.
  if (!Number.isInteger(offset) || offset < 0 || index >= unit.from + unit.count) {
    return unit.count === 1 ? unit.from : 'unknown'
  }
  return index < unit.from ? 'answered' : index
}

/** An item's time is up: it is aborted, and the answer decides, or else the worker's end. */
export function takeTimeout(
  state: DispatchState,
  event: { readonly worker: string; readonly unit: number; readonly offset: number },
): void {
  const worker = state.workers.get(event.worker)
  const unit = worker?.held.find(({ id }) => id === event.unit)
  if (worker === undefined || unit === undefined || unit.count === 0 || isUnwanted(state, unit)) return
  if (worker.timedOut !== undefined || worker.ending || worker.broken) return
  const item = findItem(unit, event.offset)
  if (item === 'answered') return
  const index = item === 'unknown' ? undefined : item
  worker.timedOut = { unit: unit.id, index }
  const offset = index === undefined ? MARK_UNKNOWN : index - unit.start
  state.out.push({ type: 'abort', worker: worker.id, unit: unit.id, why: 'timeout', offset })
}

/** The abort had no effect in time: only the worker's end helps, if it is that unit which keeps it. */
export function endOverdue(state: DispatchState, event: { readonly worker: string; readonly unit: number }): void {
  const worker = state.workers.get(event.worker)
  if (worker === undefined || worker.ending || worker.broken) return
  const unit = worker.held.find(({ id }) => id === event.unit)
  if (unit === undefined) return
  // A cancelled unit that only waits must not cost the one in work.
  const isInTheWay = unit === worker.held[0] && isUnwanted(state, unit)
  if (worker.timedOut?.unit !== unit.id && !isInTheWay) return
  worker.ending = true
  state.out.push({ type: 'end', worker: worker.id })
}
