import { assign, recallWaiting } from './assign.ts'
import { buryWorker } from './blame.ts'
import { type Books, createBooks } from './books.ts'
import { cancelChunk, cancelJob } from './cancel.ts'
import type { DispatchEvent, DispatchPolicy, Instruction } from './events.ts'
import { reject, retire, takeResults } from './outcomes.ts'
import { UnitQueue } from './pending.ts'
import { type ChunkState, type DispatchState, forgetIfOver } from './state.ts'
import { endOverdue, takeTimeout } from './time-limits.ts'

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
    for (const job of this.#state.jobs.values()) if (job.pending.size > 0) return false
    return true
  }

  step(event: DispatchEvent): Instruction[] {
    this.#apply(event)
    assign(this.#state)
    const { out } = this.#state
    this.#state.out = []
    return out
  }

  // oxlint-disable-next-line eslint/complexity -- one case for each event
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
        return event.serial === undefined ? cancelJob(state, event.job) : cancelChunk(state, event.job, event.serial)
      case 'ready':
        return this.#welcome(event.worker)
      case 'results':
        return takeResults(state, event)
      case 'timedOut':
        return takeTimeout(state, event)
      case 'overdue':
        return endOverdue(state, event)
      case 'stalled':
        return recallWaiting(state, event)
      case 'retire':
        return retire(state, event.worker)
      case 'gone':
        return buryWorker(state, event)
      case 'closing':
        state.closing = true
    }
  }

  #open({ job: id, spec }: EventOf<'opened'>): void {
    const chunks = new Map<number, ChunkState>()
    const pending = new UnitQueue(chunks)
    this.#state.jobs.set(id, { id, spec, pending, chunks, lastSerial: -1, pulling: false, ended: false })
  }

  #add({ job: id, serial, count, expectedMs, last = false, refused }: EventOf<'added'>): void {
    const job = this.#state.jobs.get(id)
    if (job === undefined) return
    job.pulling = false
    job.ended ||= last
    job.lastSerial = Math.max(job.lastSerial, serial)
    job.chunks.set(serial, { open: count, waiting: 0, histories: undefined })
    this.#state.books.pulled += count
    const position = { job: id, serial, from: 0, start: 0, count, attempt: 0 }
    const unit = { ...position, id: this.#state.nextUnit++, suspect: false, expectedMs }
    if (refused !== undefined) reject(this.#state, { unit, index: 0, worker: '' }, refused)
    else if (count > 0) job.pending.push(unit)
  }

  #endSource({ job: id }: EventOf<'ended'>): void {
    const job = this.#state.jobs.get(id)
    if (job === undefined) return
    job.pulling = false
    job.ended = true
    forgetIfOver(this.#state, job)
  }

  #consume({ job: id, serial }: EventOf<'consumed'>): void {
    const job = this.#state.jobs.get(id)
    if (job === undefined) return
    job.chunks.delete(serial)
    forgetIfOver(this.#state, job)
  }

  #welcome(id: string): void {
    if (this.#state.workers.has(id)) return
    const flags = { retiring: false, stopping: false, ending: false, broken: false, stalled: 0, timedOut: undefined }
    this.#state.workers.set(id, { id, held: [], answered: 0, ...flags })
  }
}
