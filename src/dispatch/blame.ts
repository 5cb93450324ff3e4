import type { WorkerDeath } from '../errors.ts'
import type { Mark } from '../protocol/mark.ts'
import type { GoneEvent, Unit } from './events.ts'
import { charge, reject } from './outcomes.ts'
import { type DispatchState, type WorkerState, cutUnit, isUnwanted } from './state.ts'
import { isLate } from './time-limits.ts'

interface Scene {
  readonly worker: WorkerState
  readonly mark: Mark | undefined
  readonly death: WorkerDeath
  /** Position of the unit in work among those held; -1 when none was. */
  readonly running: number
}

function isAtMostOnce(state: DispatchState): boolean {
  return state.policy.retries.crash === 0
}

function requeue(state: DispatchState, unit: Unit, from: number, count: number, suspect: boolean): void {
  if (count === 0) return
  state.jobs.get(unit.job)!.pending.unshift(cutUnit(state, unit, from, count, { suspect: unit.suspect || suspect }))
}

/** Nobody is charged. */
function move(state: DispatchState, unit: Unit, suspect: boolean): void {
  state.books.crashes += unit.count
  requeue(state, unit, unit.from, unit.count, suspect)
}

function halve(state: DispatchState, unit: Unit): void {
  state.books.crashes += unit.count
  const half = unit.count >> 1
  requeue(state, unit, unit.from + half, unit.count - half, true)
  requeue(state, unit, unit.from, half, true)
}

function rejectUnknown(state: DispatchState, unit: Unit, count: number, { worker, death }: Scene): void {
  state.books.crashes += count
  for (let index = unit.from; index < unit.from + count; index++) {
    reject(state, { unit, index, worker: worker.id, death }, 'unknown')
  }
}

/** The item in work is known: it is charged, those before and behind it move. */
function blameItem(state: DispatchState, unit: Unit, index: number, scene: Scene): void {
  const { worker, death } = scene
  const before = index - unit.from
  const behind = unit.count - before - 1
  requeue(state, unit, index + 1, behind, false)
  const late = isLate(worker, unit, index)
  state.books[late ? 'timeouts' : 'crashes'] += 1
  state.books.crashes += behind
  const failing = { unit, index, worker: worker.id, death }
  if (isAtMostOnce(state)) {
    reject(state, failing, late ? 'timeout' : 'unknown')
    return rejectUnknown(state, unit, before, scene)
  }
  if (late) charge(state, failing, 'timeout')
  // We ended the worker for another reason: this item is innocent.
  else if (worker.ending) requeue(state, unit, index, 1, false)
  else charge(state, failing, 'crash')
  state.books.crashes += before
  requeue(state, unit, unit.from, before, false)
}

/** Only the unit is known: a single item is charged, more are halved until it is known. */
function blameUnit(state: DispatchState, unit: Unit, scene: Scene): void {
  const { worker } = scene
  if (unit.count === 1) blameItem(state, unit, unit.from, scene)
  else if (isAtMostOnce(state)) rejectUnknown(state, unit, unit.count, scene)
  else if (worker.ending && worker.timedOut?.unit !== unit.id) move(state, unit, false)
  else halve(state, unit)
}

/**
 * No item was in work, and this unit was the next. Whoever kills a worker before it starts does so again when it is
 * alone; then it is to blame. It has not started, so at most once is not in danger.
 */
function blameNext(state: DispatchState, unit: Unit, { worker, death }: Scene): boolean {
  const late = worker.timedOut?.unit === unit.id
  if (!late && (worker.ending || !unit.suspect)) {
    move(state, unit, !worker.ending)
    return false
  }
  if (unit.count > 1) {
    halve(state, unit)
    return true
  }
  state.books[late ? 'timeouts' : 'crashes'] += 1
  charge(state, { unit, index: unit.from, worker: worker.id, death }, late ? 'timeout' : 'crash')
  return true
}

/** The item in work by its place in the chunk, when it is known. */
function findItem(state: DispatchState, unit: Unit, { worker, mark }: Scene): number | undefined {
  if (mark?.unit === unit.id) {
    const { offset } = mark
    const index = unit.start + offset
    // A mark is written by the worker, so it may be anything.
    if (Number.isInteger(offset) && offset >= 0 && index < unit.from + unit.count) return index
  }
  // The worker was there when the item's time was up. It may have come further, which matters if nothing may run twice.
  return worker.timedOut?.unit === unit.id && !isAtMostOnce(state) ? worker.timedOut.index : undefined
}

function blameRunning(state: DispatchState, unit: Unit, scene: Scene): boolean {
  const index = findItem(state, unit, scene)
  // It was answered already: the worker died on its way to the next item.
  if (index !== undefined && index < unit.from) return blameNext(state, unit, scene)
  if (index === undefined) blameUnit(state, unit, scene)
  else blameItem(state, unit, index, scene)
  return true
}

/** `true` when the unit explains the death. */
function settleHeld(state: DispatchState, unit: Unit, position: number, scene: Scene): boolean {
  const { running } = scene
  if (isUnwanted(state, unit)) {
    state.books.staleResults += unit.count
    return position === running
  }
  if (unit.count === 0) return false
  // Units are worked on in order: an older one was through, and its answer is lost. So are those of a broken worker.
  const isLost = position < running || scene.worker.broken
  if (isLost && isAtMostOnce(state)) rejectUnknown(state, unit, unit.count, scene)
  else if (position === running) return blameRunning(state, unit, scene)
  else if (position === 0 && running === -1) return blameNext(state, unit, scene)
  else move(state, unit, false)
  return false
}

function findRunning({ held }: WorkerState, mark: Mark | undefined): number {
  if (mark !== undefined) return held.findIndex(({ id }) => id === mark.unit)
  // Without a mark, the oldest is taken for the one in work.
  return held.length > 0 ? 0 : -1
}

/** Settles all that a dead worker held, newest first so that the oldest ends at the front. */
export function buryWorker(state: DispatchState, event: GoneEvent): void {
  const { worker: id, broken = false, death } = event
  const mark = broken ? undefined : event.mark
  const worker = state.workers.get(id)
  if (worker === undefined) return
  state.workers.delete(id)
  worker.broken ||= broken
  const { held } = worker
  const scene = { worker, mark, death, running: findRunning(worker, mark) }
  let explained = worker.ending || worker.stopping
  for (let position = held.length - 1; position >= 0; position--) {
    explained = settleHeld(state, held[position]!, position, scene) || explained
  }
  state.out.push({ type: 'replace', worker: id, explained })
}
