import type { WorkerDeath } from '../errors.ts'
import { MARK_UNKNOWN, type Mark } from '../protocol/mark.ts'
import type { GoneEvent, Unit } from './events.ts'
import { charge, reject } from './outcomes.ts'
import { type DispatchState, type WorkerState, cutUnit, isUnwanted } from './state.ts'

interface Scene {
  readonly worker: WorkerState
  readonly death: WorkerDeath
}

function requeue(state: DispatchState, unit: Unit, from: number, count: number, suspect: boolean): void {
  if (count === 0) return
  state.jobs.get(unit.job)!.pending.unshift(cutUnit(state, unit, from, count, { suspect: unit.suspect || suspect }))
}

function rejectAllUnknown(state: DispatchState, unit: Unit, count: number, scene: Scene): void {
  state.books.crashes += count
  for (let index = unit.from; index < unit.from + count; index++) {
    reject(state, { unit, index, worker: scene.worker.id, death: scene.death }, 'unknown')
  }
}

/** The item in work is known: it is charged, those before and behind it move. */
function blameItem(state: DispatchState, unit: Unit, offset: number, scene: Scene): void {
  const { worker, death } = scene
  const index = unit.from + offset
  const late = worker.timedOut?.unit === unit.id && worker.timedOut.index === index
  requeue(state, unit, index + 1, unit.count - offset - 1, false)
  state.books.crashes += unit.count - offset - 1
  state.books[late ? 'timeouts' : 'crashes'] += 1
  const failing = { unit, index, worker: worker.id, death }
  const atMostOnce = state.policy.retries.crash === 0
  if (late) charge(state, failing, 'timeout')
  else if (atMostOnce) reject(state, failing, 'unknown')
  // We ended the worker for another reason: this item is innocent.
  else if (worker.ending) requeue(state, unit, index, 1, false)
  else charge(state, failing, 'crash')
  if (atMostOnce) return rejectAllUnknown(state, unit, offset, scene)
  state.books.crashes += offset
  requeue(state, unit, unit.from, offset, false)
}

/** Only the unit is known: a single item is charged, more are halved until it is known. */
function blameUnit(state: DispatchState, unit: Unit, scene: Scene): void {
  const late = scene.worker.timedOut?.unit === unit.id
  if (unit.count === 1) return blameItem(state, unit, 0, scene)
  if (state.policy.retries.crash === 0) return rejectAllUnknown(state, unit, unit.count, scene)
  state.books.crashes += unit.count
  if (scene.worker.ending && !late) return requeue(state, unit, unit.from, unit.count, false)
  const half = unit.count >> 1
  requeue(state, unit, unit.from + half, unit.count - half, true)
  requeue(state, unit, unit.from, half, true)
}

function isRunning(worker: WorkerState, unit: Unit, mark: Mark | undefined): boolean {
  // Without a mark, the oldest is the one in work: workers keep the order.
  return mark === undefined ? worker.held[0] === unit : mark.unit === unit.id
}

function settleHeld(state: DispatchState, unit: Unit, mark: Mark | undefined, scene: Scene): boolean {
  const running = isRunning(scene.worker, unit, mark)
  if (isUnwanted(state, unit)) state.books.staleResults += unit.count
  else if (!running) {
    state.books.crashes += unit.count
    requeue(state, unit, unit.from, unit.count, false)
  } else if (mark === undefined || mark.offset === MARK_UNKNOWN) blameUnit(state, unit, scene)
  else {
    const offset = unit.start + mark.offset - unit.from
    if (offset < 0 || offset >= unit.count) blameUnit(state, unit, scene)
    else blameItem(state, unit, offset, scene)
  }
  return running
}

/** Settles all that a dead worker held, newest first so that the oldest ends at the front. */
export function buryWorker(state: DispatchState, event: GoneEvent): void {
  const worker = state.workers.get(event.worker)
  if (worker === undefined) return
  state.workers.delete(worker.id)
  const scene = { worker, death: event.death }
  let explained = worker.ending || worker.stopping
  for (const unit of [...worker.held].reverse()) explained = settleHeld(state, unit, event.mark, scene) || explained
  state.out.push({ type: 'replace', worker: worker.id, explained })
}
