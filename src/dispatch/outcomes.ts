import type { WorkerDeath } from '../errors.ts'
import { abortUnwanted } from './cancel.ts'
import type { RejectCause, ResultsEvent, Unit } from './events.ts'
import { type DispatchState, type WorkerState, cutUnit, findHistory, isUnwanted, shareMs } from './state.ts'
import { findLate, forgetAnswered } from './time-limits.ts'

export interface Failing {
  readonly unit: Unit
  /** Position in the chunk. */
  readonly index: number
  readonly worker: string
  readonly failure?: number
  readonly death?: WorkerDeath
}

/** Settles an item with an error. */
export function reject(state: DispatchState, failing: Failing, cause: RejectCause): void {
  const { unit, index, worker, failure, death } = failing
  const chunk = state.jobs.get(unit.job)!.chunks.get(unit.serial)!
  chunk.open -= 1
  state.books.failed += 1
  const deaths = [...(chunk.histories?.get(index)?.deaths ?? [])]
  // It is not charged, yet it is all that is known about the item.
  if (cause === 'unknown' && death !== undefined) deaths.push(death)
  const { job, serial, attempt } = unit
  const position = failure === undefined ? {} : { failure }
  state.out.push({ type: 'reject', job, serial, index, cause, attempt, worker, deaths, ...position })
}

/** Charges one attempt to an item: it goes back alone while its budget lasts, else it is settled. */
export function charge(state: DispatchState, failing: Failing, cause: 'task' | 'crash' | 'timeout'): void {
  const { unit, index, death } = failing
  const job = state.jobs.get(unit.job)!
  const history = findHistory(job.chunks.get(unit.serial)!, index)
  if (cause === 'crash' && death !== undefined) history.deaths.push(death)
  const budget = cause === 'task' ? 'error' : cause
  history[budget] += 1
  if (history[budget] > state.policy.retries[budget]) return reject(state, failing, cause)
  const suspect = unit.suspect || cause !== 'task'
  job.pending.unshift(cutUnit(state, unit, index, 1, { suspect }))
}

function accept(state: DispatchState, unit: Unit, from: number, count: number, run: number): void {
  const { job, serial } = unit
  state.jobs.get(job)!.chunks.get(serial)!.open -= count
  state.books.ok += count
  state.out.push({ type: 'accept', job, serial, from, count, run })
}

function settleAnswer(state: DispatchState, worker: WorkerState, unit: Unit, event: ResultsEvent): void {
  const late = findLate(worker, unit, event)
  let next = 0
  event.failures.forEach(({ offset, cause }, failure) => {
    accept(state, unit, unit.from + next, offset - next, failure)
    next = offset + 1
    const failing = { unit, index: unit.from + offset, worker: worker.id, failure }
    const isLate = failing.index === late
    state.books[isLate ? 'timeouts' : 'errors'] += 1
    if (isLate) charge(state, failing, 'timeout')
    else if (cause === 'task') charge(state, failing, 'task')
    else reject(state, failing, cause)
  })
  accept(state, unit, unit.from + next, event.count - next, event.failures.length)
}

/** What was not answered stays in work, or comes back if the worker is through with the unit. */
function keepRest(state: DispatchState, worker: WorkerState, unit: Unit, event: ResultsEvent): void {
  const { held } = worker
  const position = held.indexOf(unit)
  const from = unit.from + event.count
  const left = unit.count - event.count
  if (!event.last) {
    held[position] = { ...unit, from, count: left, expectedMs: shareMs(unit, left) }
    return
  }
  held.splice(position, 1)
  // Its deadline passed without effect while it only waited.
  if (position === 0 && held[0] !== undefined && isUnwanted(state, held[0])) abortUnwanted(state, worker.id, held[0])
  // Not started: this sending does not count as an attempt.
  state.books.attempts -= left
  if (left === 0 || isUnwanted(state, unit)) return
  const rest = cutUnit(state, unit, from, left, { attempt: unit.attempt - 1 })
  state.jobs.get(unit.job)!.pending.unshift(rest)
}

function checkRetirement(state: DispatchState, worker: WorkerState, heapMb: number): void {
  const { recycleAfterItems = Infinity, recycleMaxHeapMb = Infinity } = state.policy
  if (worker.answered >= recycleAfterItems || heapMb >= recycleMaxHeapMb) worker.retiring = true
  if (worker.retiring) stopIfFree(state, worker)
}

function stopIfFree(state: DispatchState, worker: WorkerState): void {
  if (worker.held.length > 0 || worker.ending || worker.stopping) return
  worker.stopping = true
  state.out.push({ type: 'stop', worker: worker.id })
}

/** The worker gets nothing more, and leaves with its last answer. */
export function retire(state: DispatchState, id: string): void {
  const worker = state.workers.get(id)
  if (worker === undefined) return
  worker.retiring = true
  stopIfFree(state, worker)
}

function isOld(unit: Unit, { attempt, from = unit.from - unit.start }: ResultsEvent): boolean {
  return attempt !== unit.attempt || from < unit.from - unit.start
}

/** The answer goes on where the last one ended, covers no more than the unit, and has its failures in order. */
function isPossible(unit: Unit, event: ResultsEvent): boolean {
  const { from = unit.from - unit.start } = event
  if (from !== unit.from - unit.start || event.count > unit.count) return false
  let next = 0
  for (const { offset } of event.failures) {
    if (offset < next || offset >= event.count) return false
    next = offset + 1
  }
  return true
}

/** Takes an answer, unless it came before, or belongs to an attempt that is not this worker's any more. */
export function takeResults(state: DispatchState, event: ResultsEvent): void {
  const worker = state.workers.get(event.worker)
  const unit = worker?.held.find(({ id }) => id === event.unit)
  if (worker === undefined || unit === undefined || worker.broken || isOld(unit, event)) {
    state.books.lateResults += event.count
    return
  }
  if (!isPossible(unit, event)) {
    // Not `ending`: whatever it is working on is to blame for its end.
    worker.broken = true
    if (!worker.ending) state.out.push({ type: 'end', worker: worker.id })
    return
  }
  if (isUnwanted(state, unit)) state.books.staleResults += event.count
  else if (event.count > 0) settleAnswer(state, worker, unit, event)
  worker.answered += event.count
  forgetAnswered(worker, unit, event)
  keepRest(state, worker, unit, event)
  if (event.last) checkRetirement(state, worker, event.heapMb)
}
