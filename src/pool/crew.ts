import type { Backend } from '../backend.ts'
import { EisenmpError, type WorkerDeath } from '../errors.ts'
import { type Deferred, createDeferred } from '../internal/deferred.ts'
import type { FromLoop } from '../protocol/loop-messages.ts'
import type { ResultsMessage } from '../protocol/messages.ts'
import { RestartPolicy } from '../supervisor/restart-policy.ts'
import { type Evidence, type SeatSpec, WorkerSeat } from './worker-seat.ts'

export interface CrewEvents {
  ready(worker: string): void
  results(worker: string, message: ResultsMessage): void
  loop(worker: string, message: FromLoop): boolean
  /** A seat is empty and stays so, or is there no longer. */
  emptied(): void
  gone(worker: string, death: WorkerDeath, evidence: Evidence): void
  /** The worker is one too many: it is to leave when it is through with what it has. */
  retire(worker: string): void
  /** Too many unexplained deaths. */
  gaveUp(error: EisenmpError): void
}

export interface CrewOptions {
  readonly backend: Backend
  readonly size: number
  readonly spec: SeatSpec
  readonly restarts: { readonly max: number; readonly withinMs: number }
  readonly events: CrewEvents
  readonly now: () => number
  readonly random: () => number
}

/** All workers of a pool: starts them, replaces them as the restart policy says, and ends them. */
export class Crew {
  /** In the order of their indexes. */
  seats: readonly WorkerSeat[]
  /** Workers that are ready, by id. */
  readonly workers: Map<string, WorkerSeat> = new Map()
  /** Names of the tasks that the workers have found in the main module. */
  tasks: readonly string[] = []
  readonly #options: CrewOptions
  readonly #policy: RestartPolicy
  readonly #first = createDeferred<void>()
  readonly #timers = new Set<NodeJS.Timeout>()
  readonly #emptied = createDeferred<void>()
  readonly #createSeat: (index: number) => WorkerSeat
  #size: number
  /** Who waits until there are as many workers as there should be. */
  #resizing: Deferred<void>[] = []
  #wasReady = false
  /** Some seats are empty because their loops have ended. */
  #hasFinished = false
  #isLeaving = false
  #lastDeath: { readonly death: WorkerDeath } | { readonly error: EisenmpError } | undefined

  constructor(options: CrewOptions) {
    this.#options = options
    this.#policy = new RestartPolicy(options.restarts)
    const { backend, size, spec } = options
    this.#size = size
    const events = {
      ready: (seat: WorkerSeat, tasks: readonly string[]) => this.#welcome(seat, tasks),
      results: (seat: WorkerSeat, message: ResultsMessage) => options.events.results(seat.workerId, message),
      loop: (seat: WorkerSeat, message: FromLoop) => options.events.loop(seat.workerId, message),
      gone: (_seat: WorkerSeat, death: WorkerDeath, evidence: Evidence) => this.#bury(death, evidence),
      startFailed: (seat: WorkerSeat, error: EisenmpError) => this.#failStart(seat, error),
    }
    this.#createSeat = (index) => new WorkerSeat(index, backend, spec, events)
    this.seats = Array.from({ length: size }, (_, index) => this.#createSeat(index))
  }

  /** Workers that there should be. */
  get size(): number {
    return this.#size
  }

  /** Starts all; resolves when the first is ready, rejects with the first error when none of them gets there. */
  async start(): Promise<void> {
    for (const seat of this.seats) seat.start()
    await this.#first.promise
  }

  #welcome(seat: WorkerSeat, tasks: readonly string[]): void {
    this.tasks = tasks
    this.workers.set(seat.workerId, seat)
    this.#options.events.ready(seat.workerId)
    this.#first.resolve()
    this.#checkSize()
    if (this.#wasReady) return
    this.#wasReady = true
    // Until now it was open whether any could start; those that had failed get another chance.
    for (const other of this.seats) if (other.state === 'empty') this.#restart(other)
  }

  #bury(death: WorkerDeath, evidence: Evidence): void {
    this.#lastDeath = { death }
    this.#options.events.gone(death.worker, death, evidence)
    this.#checkEmpty()
  }

  /** Fills the seat of a dead worker again, unless too many died without a reason. */
  replace(worker: string, isExplained: boolean): void {
    const seat = this.workers.get(worker)
    this.workers.delete(worker)
    if (seat === undefined || this.#isLeaving) return
    if (this.#isDismissed(seat)) return this.#remove(seat)
    if (seat.isFinished) return this.#options.events.emptied()
    if (!isExplained && !this.#policy.admit(this.#options.now())) return this.#giveUp()
    seat.start()
  }

  #failStart(seat: WorkerSeat, error: EisenmpError): void {
    this.#lastDeath = { error }
    if (this.#isLeaving) return this.#checkEmpty()
    if (!this.#wasReady) {
      if (this.seats.some(({ state }) => state !== 'empty')) return
      // The first error is as good as any: all seats load the same modules.
      return this.#first.reject(error)
    }
    if (this.#isDismissed(seat)) this.#remove(seat)
    else this.#restart(seat)
  }

  /** Starts a seat again after a failed start. */
  #restart(seat: WorkerSeat): void {
    if (!this.#policy.admit(this.#options.now())) return this.#giveUp()
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer)
        if (!this.#isDismissed(seat)) seat.start()
      },
      this.#policy.delayMs(seat.failedStarts, this.#options.random()),
    )
    this.#timers.add(timer)
  }

  /** Resolves when there are so many workers, all of them ready, and no other. A later call takes the place of this one. */
  async resize(size: number): Promise<void> {
    this.#size = size
    const taken = new Set(this.seats.map(({ index }) => index))
    for (let index = 0; index < size; index++) if (!taken.has(index)) this.#add(index)
    for (const seat of this.seats) if (this.#isDismissed(seat)) this.#dismiss(seat)
    const sized = createDeferred<void>()
    this.#resizing.push(sized)
    this.#checkSize()
    await sized.promise
  }

  #add(index: number): void {
    const seat = this.#createSeat(index)
    this.seats = [...this.seats, seat].sort((a, b) => a.index - b.index)
    seat.start()
  }

  #isDismissed({ index }: WorkerSeat): boolean {
    return index >= this.#size
  }

  /** What it has in hand it finishes; called back before it is gone, its seat is filled again. */
  #dismiss(seat: WorkerSeat): void {
    if (seat.state === 'empty') this.#remove(seat)
    else if (seat.state === 'starting') seat.end()
    else if (seat.state === 'ready') this.#options.events.retire(seat.workerId)
  }

  #remove(seat: WorkerSeat): void {
    this.seats = this.seats.filter((other) => other !== seat)
    this.#checkSize()
    this.#options.events.emptied()
  }

  #checkSize(): void {
    if (
      this.seats.length !== this.#size ||
      this.seats.some(({ state, isFinished }) => state !== 'ready' && !isFinished)
    )
      return
    for (const sized of this.#resizing.splice(0)) sized.resolve()
  }

  /** The worker is to leave, and its seat stays empty until there is work again. */
  finish(worker: string): void {
    const seat = this.workers.get(worker)
    if (seat === undefined || this.#isLeaving) return
    seat.isFinished = true
    this.#hasFinished = true
    this.#options.events.retire(worker)
  }

  /** There is work: seats whose workers have ended are filled again. */
  revive(): void {
    if (!this.#hasFinished || this.#isLeaving) return
    this.#hasFinished = false
    for (const seat of this.seats) this.reviveSeat(seat)
  }

  reviveSeat(seat: WorkerSeat): void {
    if (!seat.isFinished || this.#isLeaving) return
    seat.isFinished = false
    // One that is still leaving is replaced when it is gone.
    if (seat.state === 'empty') seat.start()
  }

  #giveUp(): void {
    const { max, withinMs } = this.#options.restarts
    const last = this.#lastDeath
    const reason = last === undefined ? '' : 'death' in last ? last.death.reason : last.error.message
    const text = `Cannot keep the workers alive: more than ${max} died within ${withinMs} ms (restarts), last since ${reason}`
    const details = last === undefined ? {} : 'death' in last ? { deaths: [last.death] } : { cause: last.error }
    this.#options.events.gaveUp(new EisenmpError('ERR_EISENMP_RESTARTS', text, details))
  }

  /** Lets every worker leave; those that do not are ended. Resolves when all are gone. */
  async leave(): Promise<void> {
    this.#close((seat) => seat.leave())
    await this.#emptied.promise
  }

  /** Ends every worker now. Resolves when all are gone. */
  async end(): Promise<void> {
    this.#close((seat) => seat.end())
    await this.#emptied.promise
  }

  #close(ask: (seat: WorkerSeat) => void): void {
    this.#isLeaving = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    for (const seat of this.seats) ask(seat)
    this.#checkEmpty()
  }

  #checkEmpty(): void {
    if (this.#isLeaving && this.seats.every(({ state }) => state === 'empty')) this.#emptied.resolve()
  }
}
