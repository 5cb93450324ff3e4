import type { WorkerDeath } from '../errors.ts'
import type { RejectCause, ResultsEvent, Unit } from './events.ts'
import { type ChunkState, type DispatchState, type WorkerState, cutUnit, findHistory, isUnwanted } from './state.ts'

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
  const { unit, index, worker, failure } = failing
  const chunk = state.jobs.get(unit.job)!.chunks.get(unit.serial)!
  chunk.open -= 1
  state.books.failed += 1
  const deaths = [...(chunk.histories.get(index)?.deaths ?? [])]
  const { job, serial, attempt } = unit
  const position = failure === undefined ? {} : { failure }
  state.out.push({ type: 'reject', job, serial, index, cause, attempt, worker, deaths, ...position })
}

/** Charges one attempt to an item: it goes back alone while its budget lasts, else it is settled. */
export function charge(state: DispatchState, failing: Failing, cause: 'task' | 'crash' | 'timeout'): void {
  const { unit, index, death } = failing
  const job = state.jobs.get(unit.job)!
  const history = findHistory(job.chunks.get(unit.serial)!, index)
  if (death !== undefined) history.deaths.push(death)
  const budget = cause === 'task' ? 'error' : cause
  history[budget] += 1
  if (history[budget] > state.policy.retries[budget]) return reject(state, failing, cause)
  const suspect = unit.suspect || cause === 'crash'
  job.pending.unshift(cutUnit(state, unit, index, 1, { suspect }))
}

function accept(state: DispatchState, unit: Unit, chunk: ChunkState, from: number, count: number, run: number): void {
  chunk.open -= count
  state.books.ok += count
  state.out.push({ type: 'accept', job: unit.job, serial: unit.serial, from, count, run })
}

function settleAnswer(state: DispatchState, worker: WorkerState, unit: Unit, event: ResultsEvent): void {
  const chunk = state.jobs.get(unit.job)!.chunks.get(unit.serial)!
  let next = 0
  event.failures.forEach(({ offset, cause }, failure) => {
    accept(state, unit, chunk, unit.from + next, offset - next, failure)
    next = offset + 1
    const failing = { unit, index: unit.from + offset, worker: worker.id, failure }
    const late = worker.timedOut?.unit === unit.id && worker.timedOut.index === failing.index
    state.books[late ? 'timeouts' : 'errors'] += 1
    if (late) charge(state, failing, 'timeout')
    else if (cause === 'task') charge(state, failing, 'task')
    else reject(state, failing, cause)
  })
  accept(state, unit, chunk, unit.from + next, event.count - next, event.failures.length)
}

/** What was not answered stays in work, or comes back if the worker is through with the unit. */
function keepRest(state: DispatchState, worker: WorkerState, unit: Unit, event: ResultsEvent): void {
  const left = unit.count - event.count
  const position = worker.held.indexOf(unit)
  if (!event.last) {
    worker.held[position] = { ...unit, from: unit.from + event.count, count: left }
    return
  }
  worker.held.splice(position, 1)
  worker.timedOut = undefined
  if (left === 0) return
  // Not started: this sending does not count as an attempt.
  state.books.attempts -= left
  if (isUnwanted(state, unit)) return
  const rest = cutUnit(state, unit, unit.from + event.count, left, { attempt: unit.attempt - 1 })
  state.jobs.get(unit.job)!.pending.unshift(rest)
}

function checkRetirement(state: DispatchState, worker: WorkerState, heapMb: number): void {
  const { recycleAfterItems = Infinity, recycleMaxHeapMb = Infinity } = state.policy
  if (worker.answered >= recycleAfterItems || heapMb >= recycleMaxHeapMb) worker.retiring = true
  if (!worker.retiring || worker.held.length > 0 || worker.stopping) return
  worker.stopping = true
  state.out.push({ type: 'stop', worker: worker.id })
}

/** Takes an answer, unless it belongs to an attempt that is not this worker's any more. */
export function takeResults(state: DispatchState, event: ResultsEvent): void {
  const worker = state.workers.get(event.worker)
  const unit = worker?.held.find(({ id }) => id === event.unit)
  if (worker === undefined || unit === undefined || unit.attempt !== event.attempt || event.count > unit.count) return
  if (isUnwanted(state, unit)) state.books.staleResults += event.count
  else settleAnswer(state, worker, unit, event)
  worker.answered += event.count
  keepRest(state, worker, unit, event)
  if (event.last) checkRetirement(state, worker, event.heapMb)
}
