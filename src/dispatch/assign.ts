import type { Unit } from './events.ts'
import { type DispatchState, type JobState, type WorkerState, cutUnit, isUnwanted } from './state.ts'

/** A unit that takes longer than this hides its own round trip; a second one behind it would only wait. */
const PREFETCH_BELOW_MS = 25
/** Dividing work shorter than this costs more than it wins. */
const SPLIT_FROM_MS = 2

function isAvailable(worker: WorkerState): boolean {
  return !worker.retiring && !worker.stopping && !worker.ending && !worker.broken
}

function isIdle(worker: WorkerState): boolean {
  return worker.held.length === 0 && isAvailable(worker)
}

function isShort(unit: Unit): boolean {
  return !unit.suspect && unit.expectedMs !== undefined && unit.expectedMs < PREFETCH_BELOW_MS
}

/** One short unit in work, so that a second one keeps the worker busy during the round trip. */
function canPrefetch(state: DispatchState, worker: WorkerState): boolean {
  if (worker.held.length !== 1 || worker.timedOut !== undefined || !isAvailable(worker)) return false
  const oldest = worker.held[0]!
  return isShort(oldest) && worker.stalled !== oldest.id && !isUnwanted(state, oldest)
}

function canPull(state: DispatchState, job: JobState): boolean {
  if (!job.spec.pulls || job.pulling || job.ended || state.closing) return false
  if (!job.spec.ordered) return job.chunks.size < job.spec.window
  const oldest = job.chunks.keys().next()
  return oldest.done === true || job.lastSerial + 1 - oldest.value < job.spec.window
}

/** The job goes to the end of the row. */
function takeTurn(state: DispatchState, job: JobState): void {
  if (state.jobs.size === 1) return
  state.jobs.delete(job.id)
  state.jobs.set(job.id, job)
}

/** The next unit that may go out, in turn over the jobs; asks jobs with nothing pending for more on the way. */
function nextUnit(state: DispatchState, behindAnother: boolean): Unit | undefined {
  for (const job of state.jobs.values()) {
    const first = job.pending.first()
    if (first === undefined) {
      if (canPull(state, job)) {
        job.pulling = true
        state.out.push({ type: 'pull', job: job.id })
      }
      continue
    }
    // It needs an idle worker. Were it passed over, short units of other jobs could keep every worker busy for ever.
    if (behindAnother && !isShort(first)) return undefined
    job.pending.shift()
    takeTurn(state, job)
    return first
  }
  return undefined
}

/** At the end of a source, a unit is divided so that no worker idles beside it. */
function divideTail(state: DispatchState, unit: Unit, idle: number): Unit {
  const job = state.jobs.get(unit.job)!
  if (!job.ended || !job.spec.splits || unit.suspect || (unit.expectedMs ?? 0) < SPLIT_FROM_MS) return unit
  let takers = idle
  for (const { pending } of state.jobs.values()) takers -= pending.size
  const parts = Math.min(unit.count, takers)
  if (parts < 2) return unit
  const size = Math.ceil(unit.count / parts)
  job.pending.unshift(cutUnit(state, unit, unit.from + size, unit.count - size))
  return cutUnit(state, unit, unit.from, size)
}

function send(state: DispatchState, worker: WorkerState, unit: Unit): void {
  const sent = { ...unit, attempt: unit.attempt + 1 }
  worker.held.push(sent)
  state.books.attempts += sent.count
  state.out.push({ type: 'send', worker: worker.id, unit: sent })
}

/** Gives waiting work to free workers: idle ones first, then one short unit ahead for each busy one. */
export function assign(state: DispatchState): void {
  let idle = 0
  for (const worker of state.workers.values()) if (isIdle(worker)) idle += 1
  for (const worker of state.workers.values()) {
    if (idle === 0) break
    if (!isIdle(worker)) continue
    const unit = nextUnit(state, false)
    if (unit === undefined) return
    send(state, worker, divideTail(state, unit, idle))
    idle -= 1
  }
  for (const worker of state.workers.values()) {
    if (!canPrefetch(state, worker)) continue
    const unit = nextUnit(state, true)
    if (unit === undefined) return
    send(state, worker, unit)
  }
}

/** What waits behind a unit that takes far too long is asked back: the worker hands over what it has not started. */
export function recallWaiting(state: DispatchState, event: { readonly worker: string; readonly unit: number }): void {
  const worker = state.workers.get(event.worker)
  if (worker === undefined || worker.held[0]?.id !== event.unit || worker.stalled === event.unit) return
  worker.stalled = event.unit
  const waiting = worker.held[1]
  if (waiting !== undefined) state.out.push({ type: 'recall', worker: worker.id, unit: waiting.id })
}
