import { MARK_UNKNOWN } from '../protocol/mark.ts'
import { assign } from './assign.ts'
import { buryWorker } from './blame.ts'
import { type Books, createBooks } from './books.ts'
import type { DispatchEvent, DispatchPolicy, Instruction } from './events.ts'
import { reject, takeResults } from './outcomes.ts'
import { type DispatchState, isUnwanted } from './state.ts'

type EventOf<Type extends DispatchEvent['type']> = Extract<DispatchEvent, { readonly type: Type }>

/**
 * Decides where chunks go, what comes back, and who is to blame: events in, instructions out.
 *
 * It does no I/O and has no clock, so a list of events always gives the same instructions; `README.md` beside it tells
 * the rules. The caller MUST carry out the instructions in order and MUST NOT call {@link step} while doing so: what it
 * learns meanwhile goes in afterwards.
 */
export class Dispatcher {
  readonly #state: DispatchState

  constructor(policy: DispatchPolicy) {
    this.#state = {
      policy,
      workers: new Map(),
      jobs: new Map(),
      books: createBooks(),
      nextUnit: 1,
      closing: false,
      out: [],
    }
  }

  get books(): Readonly<Books> {
    return this.#state.books
  }

  /** Items that workers hold at this moment. */
  get heldItems(): number {
    let items = 0
    for (const { held } of this.#state.workers.values()) for (const unit of held) items += unit.count
    return items
  }

  /** Units in the hands of one worker. */
  heldBy(worker: string): number {
    return this.#state.workers.get(worker)?.held.length ?? 0
  }

  /** Nothing pending and nothing held. */
  get isQuiet(): boolean {
    if (this.heldItems > 0) return false
    for (const job of this.#state.jobs.values()) if (job.pending.length > 0) return false
    return true
  }

  step(event: DispatchEvent): Instruction[] {
    this.#apply(event)
    assign(this.#state)
    const { out } = this.#state
    this.#state.out = []
    return out
  }

  #apply(event: DispatchEvent): void {
    const state = this.#state
    switch (event.type) {
      case 'opened':
        return this.#open(event)
      case 'added':
        return this.#add(event)
      case 'ended':
        return this.#endSource(event)
      case 'consumed':
        return this.#consume(event)
      case 'cancelled':
        return event.serial === undefined ? this.#cancelJob(event.job) : this.#cancelChunk(event.job, event.serial)
      case 'ready':
        return this.#welcome(event.worker)
      case 'results':
        return takeResults(state, event)
      case 'timedOut':
        return this.#timeOut(event)
      case 'overdue':
        return this.#endOverdue(event)
      case 'gone':
        return buryWorker(state, event)
      case 'closing':
        state.closing = true
    }
  }

  #open({ job: id, spec }: EventOf<'opened'>): void {
    const flags = { pulling: false, ended: false, cancelled: false }
    this.#state.jobs.set(id, { id, spec, pending: [], chunks: new Map(), lastSerial: -1, ...flags })
  }

  #add({ job: id, serial, count, expectedMs, refused }: EventOf<'added'>): void {
    const job = this.#state.jobs.get(id)
    if (job === undefined || job.cancelled) return
    job.pulling = false
    job.lastSerial = Math.max(job.lastSerial, serial)
    job.chunks.set(serial, { count, open: count, cancelled: false, histories: new Map() })
    this.#state.books.pulled += count
    const position = { job: id, serial, from: 0, start: 0, count, attempt: 0 }
    const unit = { ...position, id: this.#state.nextUnit++, suspect: false, expectedMs }
    if (refused === undefined) job.pending.push(unit)
    else reject(this.#state, { unit, index: 0, worker: '' }, refused)
  }

  #endSource({ job: id }: EventOf<'ended'>): void {
    const job = this.#state.jobs.get(id)
    if (job === undefined) return
    job.pulling = false
    job.ended = true
    if (job.chunks.size === 0) this.#state.jobs.delete(id)
  }

  #consume({ job: id, serial }: EventOf<'consumed'>): void {
    const job = this.#state.jobs.get(id)
    if (job === undefined) return
    job.chunks.delete(serial)
    if (job.ended && job.chunks.size === 0) this.#state.jobs.delete(id)
  }

  #cancelJob(id: number): void {
    const job = this.#state.jobs.get(id)
    if (job === undefined) return
    for (const serial of [...job.chunks.keys()]) this.#cancelChunk(id, serial)
    job.cancelled = true
    this.#state.jobs.delete(id)
  }

  #cancelChunk(id: number, serial: number): void {
    const job = this.#state.jobs.get(id)
    const chunk = job?.chunks.get(serial)
    if (job === undefined || chunk === undefined || chunk.cancelled) return
    this.#state.books.failed += chunk.open
    this.#state.books.cancelled += chunk.open
    chunk.open = 0
    chunk.cancelled = true
    job.chunks.delete(serial)
    const kept = job.pending.filter((unit) => unit.serial !== serial)
    job.pending.splice(0, job.pending.length, ...kept)
    this.#abortHeld(id, serial)
  }

  #abortHeld(job: number, serial: number): void {
    for (const { id, held } of this.#state.workers.values()) {
      for (const unit of held) {
        if (unit.job !== job || unit.serial !== serial) continue
        this.#state.out.push({ type: 'abort', worker: id, unit: unit.id, why: 'cancel' })
      }
    }
  }

  #welcome(id: string): void {
    const flags = { retiring: false, stopping: false, ending: false, timedOut: undefined }
    this.#state.workers.set(id, { id, held: [], answered: 0, ...flags })
  }

  #timeOut({ worker: id, unit: unitId, offset }: EventOf<'timedOut'>): void {
    const worker = this.#state.workers.get(id)
    const unit = worker?.held.find((held) => held.id === unitId)
    if (worker === undefined || unit === undefined || worker.timedOut !== undefined) return
    const index = offset === MARK_UNKNOWN ? unit.start : unit.start + offset
    // The answer for that item is in already: the clock was late, not the item.
    if (index < unit.from || index >= unit.from + unit.count) return
    worker.timedOut = { unit: unitId, index }
    this.#state.out.push({ type: 'abort', worker: id, unit: unitId, why: 'timeout' })
  }

  #endOverdue({ worker: id, unit: unitId }: EventOf<'overdue'>): void {
    const worker = this.#state.workers.get(id)
    const unit = worker?.held.find((held) => held.id === unitId)
    if (worker === undefined || unit === undefined || worker.ending) return
    if (worker.timedOut === undefined && !isUnwanted(this.#state, unit)) return
    worker.ending = true
    this.#state.out.push({ type: 'end', worker: id })
  }
}
