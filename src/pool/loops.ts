import { explainClosed } from '../broker/explain-closed.ts'
import { EisenmpError, type WorkerDeath } from '../errors.ts'
import type { ToWorker } from '../protocol/messages.ts'
import type { WireError } from '../protocol/wire-error.ts'
import { explainLost, explainThrown } from './loop-failures.ts'
import { LoopJob, type LoopOptions } from './loop-job.ts'
import type { Parcelled } from './queue-desk.ts'
import type { ResultBoard } from './results.ts'
import type { WorkerSeat } from './worker-seat.ts'

export interface LoopsHost {
  readonly results: ResultBoard
  readonly graceMs: number
  readonly crashBudget: number
  /** All seats that there are and should be filled. */
  seats(): readonly WorkerSeat[]
  find(worker: string): WorkerSeat | undefined
  /** No loop runs in that worker any more: it is to leave, and its seat stays empty until there is work again. */
  dismiss(worker: string): void
  changed(): void
  /** Chunks that came back when there was nobody left to take them. */
  countReturned(loop: number): number
  /** Fills a seat again whose worker has ended. */
  revive(seat: WorkerSeat): void
  /** The loop is over. */
  forget(loop: number): void
}

/** All loops of a pool: starts them in each worker, and knows when they have ended. */
export class Loops {
  readonly #host: LoopsHost
  readonly #jobs = new Map<number, LoopJob>()
  readonly #deaths = new WeakMap<Parcelled, WorkerDeath[]>()
  #nextId = 1

  constructor(host: LoopsHost) {
    this.#host = host
  }

  get open(): readonly LoopJob[] {
    return [...this.#jobs.values()]
  }

  start(name: string, options: LoopOptions): Promise<void> {
    const job = new LoopJob(this.#nextId++, name, options)
    this.#jobs.set(job.id, job)
    this.#host.results.begin()
    for (const seat of this.#host.seats()) if (seat.state === 'ready') this.#send(seat, job)
    this.#host.changed()
    return job.done.promise
  }

  #send(seat: WorkerSeat, { id, name, sent }: LoopJob): void {
    sent.add(seat.index)
    seat.holdForLoop(true)
    seat.send({ kind: 'loop', loop: id, task: name } satisfies ToWorker)
  }

  /** A worker is ready: it takes part in what is going on. */
  welcome(worker: string): void {
    const seat = this.#host.find(worker)
    if (seat === undefined) return
    for (const job of this.#jobs.values()) {
      if (job.failure === undefined && !job.ended.has(seat.index)) this.#send(seat, job)
    }
  }

  /** A loop has ended by itself in that worker. */
  end(worker: string, loop: number): void {
    const seat = this.#host.find(worker)
    const job = this.#jobs.get(loop)
    if (seat === undefined || job === undefined) return
    // One that was told to leave meanwhile, by a resize or for its age, has not ended for whoever gets its seat.
    if (seat.state === 'leaving' && !seat.isFinished) return
    job.ended.add(seat.index)
    this.#release(seat)
    this.check()
  }

  #release(seat: WorkerSeat): void {
    if (this.open.some(({ ended }) => !ended.has(seat.index))) return
    seat.holdForLoop(undefined)
    this.#host.dismiss(seat.workerId)
  }

  /** A worker is gone; those that had to leave are not missed. Whether its death is explained by a loop. */
  bury(worker: string, held: readonly Parcelled[], death: WorkerDeath): boolean {
    for (const entry of held) {
      const deaths = this.#deaths.get(entry) ?? []
      this.#deaths.set(entry, [...deaths, death])
    }
    const seat = this.#host.find(worker)
    if (seat === undefined) return false
    seat.holdForLoop(undefined)
    let isExplained = held.length > 0
    for (const job of this.#jobs.values()) {
      const wasIn = job.sent.delete(seat.index)
      if (job.failure !== undefined && wasIn) isExplained = true
    }
    return isExplained
  }

  /** Settles those loops that have ended in all workers, once these have left or have other loops to run. */
  check(): void {
    const seats = this.#host.seats()
    for (const job of this.open) {
      if (!seats.every((seat) => this.#isThrough(job, seat)) || this.#goesOn(job)) continue
      clearTimeout(job.timer)
      this.#jobs.delete(job.id)
      this.#host.forget(job.id)
      this.#settle(job)
    }
    this.#host.changed()
  }

  #isThrough(job: LoopJob, seat: WorkerSeat): boolean {
    // One that has failed is not started any more.
    if (!job.ended.has(seat.index)) return job.failure !== undefined && !job.sent.has(seat.index)
    // One that is not finished any more has come for other work, or with a resize.
    return seat.state === 'empty' || !seat.isFinished || this.open.some(({ ended }) => !ended.has(seat.index))
  }

  /**
   * The last worker may have died with a chunk when all others had been told that nothing was left, and its seat may be
   * gone too. One worker is started for what is left, as long as that becomes less.
   */
  #goesOn(job: LoopJob): boolean {
    const left = this.#host.countReturned(job.id)
    const [seat] = this.#host.seats()
    if (left === 0 || left >= job.leftovers || job.failure !== undefined || seat === undefined) return false
    job.leftovers = left
    job.ended.delete(seat.index)
    job.sent.delete(seat.index)
    if (seat.state === 'ready' && !seat.isFinished) this.#send(seat, job)
    else this.#host.revive(seat)
    return true
  }

  #settle({ failure, done, options }: LoopJob, isOwnDoing = false): void {
    // The program exits: whoever waits is not told.
    if (failure !== undefined && failure.error === undefined) return
    for (const queue of options.closes ?? []) queue.close()
    // Who reads the results gets the error there, maybe some results later.
    if (isOwnDoing || this.#host.results.hasReaders) done.promise.catch(() => {})
    this.#host.results.end(failure)
    if (failure === undefined) done.resolve()
    else done.reject(failure.error)
  }

  find(loop: number): LoopJob | undefined {
    return this.#jobs.get(loop)
  }

  /** A chunk is given up. */
  lose(entry: Parcelled, why: 'crash' | 'error', loop: number): void {
    const job = this.#jobs.get(loop)
    // Of one that has thrown, the error is with `thrown`.
    if (job === undefined || why === 'error') return
    const error = explainLost(job.name, entry, this.#deaths.get(entry) ?? [], this.#host.crashBudget)
    const failure = job.judge(error)
    if (failure !== undefined) this.fail(job, failure.error)
  }

  /** A call has thrown, for good. */
  throw(worker: string, loop: number, wire: WireError, entry: Parcelled | undefined): void {
    const job = this.#jobs.get(loop)
    if (job === undefined) return
    const error = explainThrown(job.name, worker, wire, entry)
    const failure = entry === undefined ? { error } : job.judge(error)
    if (failure !== undefined) this.fail(job, failure.error)
  }

  refuse(loop: number, queue: string): void {
    const job = this.#jobs.get(loop)
    if (job !== undefined) this.fail(job, explainClosed(queue, job.name))
  }

  /** The loop ends: no further call; those in work have `graceMs`, then their workers are ended. */
  fail(job: LoopJob, error: unknown): void {
    if (job.failure !== undefined) return
    job.failure = { error }
    for (const seat of this.#host.seats()) {
      if (job.sent.has(seat.index) && !job.ended.has(seat.index)) seat.send({ kind: 'endLoop', loop: job.id })
    }
    job.timer = setTimeout(() => this.#endRest(job), this.#host.graceMs)
    this.check()
  }

  #endRest(job: LoopJob): void {
    for (const seat of this.#host.seats()) if (job.sent.has(seat.index) && !job.ended.has(seat.index)) seat.end()
  }

  failAll(error: unknown): void {
    for (const job of this.open) this.fail(job, error)
  }

  /** The pool has ended: whoever still waits is told. */
  abandon(error: unknown): void {
    // The program has closed it, and knows.
    const isClosed = error instanceof EisenmpError && error.code === 'ERR_EISENMP_CLOSED'
    for (const job of this.open) {
      clearTimeout(job.timer)
      this.#jobs.delete(job.id)
      this.#host.forget(job.id)
      job.failure ??= { error }
      this.#settle(job, isClosed)
    }
  }
}
