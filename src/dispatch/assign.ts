import type { Unit } from './events.ts'
import { type DispatchState, type JobState, type WorkerState, cutUnit } from './state.ts'

/** A unit that takes longer than this hides its own round trip; a second one behind it would only wait. */
const PREFETCH_BELOW_MS = 25
/** Dividing work shorter than this costs more than it wins. */
const SPLIT_FROM_MS = 2

function isAvailable(worker: WorkerState): boolean {
  return !worker.retiring && !worker.ending && !worker.stopping
}

function findIdle(state: DispatchState): WorkerState[] {
  return [...state.workers.values()].filter((worker) => isAvailable(worker) && worker.held.length === 0)
}

function isShort(unit: Unit): boolean {
  return !unit.suspect && unit.expectedMs !== undefined && unit.expectedMs < PREFETCH_BELOW_MS
}

/** One short unit in work, so that a second one keeps the worker busy during the round trip. */
function canPrefetch(worker: WorkerState): boolean {
  return isAvailable(worker) && worker.held.length === 1 && worker.timedOut === undefined && isShort(worker.held[0]!)
}

function canPull(state: DispatchState, job: JobState): boolean {
  if (!job.spec.pulls || job.pulling || job.ended || job.cancelled || state.closing) return false
  if (job.pending.length > 0) return false
  if (!job.spec.ordered) return job.chunks.size < job.spec.window
  const oldest = job.chunks.keys().next()
  return oldest.done === true || job.lastSerial + 1 - oldest.value < job.spec.window
}

/** The job goes to the end of the row. */
function takeTurn(state: DispatchState, job: JobState): void {
  state.jobs.delete(job.id)
  state.jobs.set(job.id, job)
}

/** The next unit that may go out, in turn over the jobs; asks jobs with nothing pending for more on the way. */
function nextUnit(state: DispatchState, accepts: (unit: Unit) => boolean): Unit | undefined {
  for (const job of [...state.jobs.values()]) {
    const first = job.pending[0]
    if (first === undefined) {
      if (canPull(state, job)) {
        job.pulling = true
        state.out.push({ type: 'pull', job: job.id })
      }
      continue
    }
    if (!accepts(first)) continue
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
  const pending = [...state.jobs.values()].reduce((sum, other) => sum + other.pending.length, 0)
  const parts = Math.min(unit.count, idle - pending)
  if (parts < 2) return unit
  const size = Math.ceil(unit.count / parts)
  const rest = cutUnit(state, unit, unit.from + size, unit.count - size)
  job.pending.unshift(rest)
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
  const idle = findIdle(state)
  while (idle.length > 0) {
    const unit = nextUnit(state, () => true)
    if (unit === undefined) return
    send(state, idle.shift()!, divideTail(state, unit, idle.length + 1))
  }
  for (const worker of state.workers.values()) {
    if (!canPrefetch(worker)) continue
    const unit = nextUnit(state, isShort)
    if (unit === undefined) return
    send(state, worker, unit)
  }
}
