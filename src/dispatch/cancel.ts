import { MARK_UNKNOWN } from '../protocol/mark.ts'
import type { Unit } from './events.ts'
import { type ChunkState, type DispatchState, forgetIfOver } from './state.ts'

function settleCancelled(state: DispatchState, chunk: ChunkState): void {
  state.books.failed += chunk.open
  state.books.cancelled += chunk.open
  chunk.open = 0
}

function abortHeld(state: DispatchState, isMeant: (unit: Unit) => boolean): void {
  for (const worker of state.workers.values()) {
    for (const unit of worker.held) if (isMeant(unit)) abortUnwanted(state, worker.id, unit)
  }
}

/** Tells a worker that nobody waits for a unit. */
export function abortUnwanted(state: DispatchState, worker: string, unit: Unit): void {
  state.out.push({ type: 'abort', worker, unit: unit.id, why: 'cancel', offset: MARK_UNKNOWN })
}

export function cancelJob(state: DispatchState, id: number): void {
  const job = state.jobs.get(id)
  if (job === undefined) return
  for (const chunk of job.chunks.values()) settleCancelled(state, chunk)
  state.jobs.delete(id)
  abortHeld(state, (unit) => unit.job === id && job.chunks.has(unit.serial))
}

export function cancelChunk(state: DispatchState, id: number, serial: number): void {
  const job = state.jobs.get(id)
  const chunk = job?.chunks.get(serial)
  if (job === undefined || chunk === undefined) return
  settleCancelled(state, chunk)
  job.chunks.delete(serial)
  job.pending.drop(chunk)
  abortHeld(state, (unit) => unit.job === id && unit.serial === serial)
  forgetIfOver(state, job)
}
