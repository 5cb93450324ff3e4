import type { Backend, WorkerModule } from '../backend.ts'
import { Dispatcher } from '../dispatch/dispatcher.ts'
import { EisenmpError } from '../errors.ts'
import { readClock } from '../internal/clock.ts'
import { type Deferred, createDeferred } from '../internal/deferred.ts'
import { type Interruptible, registerInterruptible, unregisterInterruptible } from '../supervisor/interrupts.ts'
import { CallJob } from './call-job.ts'
import { Crew } from './crew.ts'
import { Driver } from './driver.ts'
import { ItemWatch } from './item-watch.ts'
import { StallWatch } from './stall-watch.ts'
import type { Job } from './job.ts'
import type { PoolSettings } from './pool-options.ts'
import { ProgressMeter } from './progress-meter.ts'
import { createQueueing } from './create-queueing.ts'
import type { Queueing } from './queueing.ts'
import { StreamJob, type StreamPlan } from './stream-job.ts'

/** After its signal was aborted, an item whose time is up has this long to heed it. */
const TIMEOUT_GRACE_MS = 50

export interface CoreOptions {
  readonly settings: PoolSettings
  readonly backend: Backend
  readonly modules: readonly WorkerModule[]
  /** A copy that every worker gets. */
  readonly config: unknown
}

/** Joins crew, dispatcher and jobs, and brings them to an end. The public face is `Pool`. */
export class PoolCore implements Interruptible {
  readonly settings: PoolSettings
  readonly crew: Crew
  readonly dispatcher: Dispatcher
  readonly calls: CallJob
  readonly progress: ProgressMeter = new ProgressMeter(readClock)
  readonly #backend: Backend
  readonly #driver: Driver
  readonly #watch: ItemWatch | undefined
  readonly #stallWatch: StallWatch
  readonly #jobs = new Map<number, Job>()
  readonly queueing: Queueing
  /** Dead workers whose loops tell why. */
  readonly #explained = new Set<string>()
  readonly #onAbort = (): void => void this.destroy(this.settings.signal!.reason)
  readonly #destroyed = createDeferred<never>()
  #nextJob = 1
  /** Why nothing more is taken in. */
  #refusal: unknown
  /** The program exits after an interruption: whoever still waits is not told. */
  #isExiting = false
  #draining: { readonly drained: Deferred<void>; readonly mustBeTaken: boolean } | undefined
  #closing: Promise<void> | undefined
  #ending: Promise<void> | undefined

  constructor({ settings, backend, modules, config }: CoreOptions) {
    this.settings = settings
    this.#backend = backend
    const { retries, recycle } = settings
    this.dispatcher = new Dispatcher({
      retries,
      recycleAfterItems: recycle.afterItems,
      recycleMaxHeapMb: recycle.maxHeapMb,
    })
    this.crew = this.#createCrew(modules, config)
    this.queueing = createQueueing(this, modules.length === 1)
    this.#driver = this.#createDriver()
    this.#watch = this.#createWatch()
    this.#stallWatch = new StallWatch(this.#driver.held, (worker, unit) =>
      this.#driver.post({ type: 'stalled', worker, unit }),
    )
    this.calls = new CallJob({
      post: (event) => this.#driver.post(event),
      countWorkers: () => this.#countWorkers(),
      isPortable: this.isPortable,
    })
    this.#jobs.set(this.calls.id, this.calls)
    registerInterruptible(this)
    settings.signal?.addEventListener('abort', this.#onAbort, { once: true })
  }

  get codecs(): Driver['codecs'] {
    return this.#driver.codecs
  }

  /** Rejects when the pool is ended before its time. */
  get whenDestroyed(): Promise<never> {
    return this.#destroyed.promise
  }

  get isPortable(): boolean {
    return this.#backend.name === 'processes'
  }

  #createCrew(modules: readonly WorkerModule[], config: unknown): Crew {
    const {
      workers: size,
      queues,
      restarts,
      startTimeoutMs,
      resourceLimits,
      env,
      execArgv,
      permissions,
    } = this.settings
    return new Crew({
      backend: this.#backend,
      size,
      restarts,
      spec: { modules, config, queues, startTimeoutMs, resourceLimits, env, execArgv, permissions },
      now: readClock,
      random: Math.random,
      events: {
        ready: (worker) => {
          this.#driver.post({ type: 'ready', worker })
          this.queueing.welcome(worker)
        },
        results: (worker, message) => this.#driver.answer(worker, message),
        loop: (worker, message) => this.queueing.receive(worker, message),
        emptied: () => this.queueing.check(),
        gone: (worker, death, evidence) => {
          if (this.queueing.bury(worker, death)) this.#explained.add(worker)
          this.#driver.post({ type: 'gone', worker, death, ...evidence })
        },
        retire: (worker) => this.#driver.post({ type: 'retire', worker }),
        gaveUp: (error) => void this.destroy(error),
      },
    })
  }

  #createDriver(): Driver {
    const { itemTimeoutMs, retries, graceMs } = this.settings
    return new Driver({
      dispatcher: this.dispatcher,
      seats: this.crew.workers,
      jobs: this.#jobs,
      isTimed: itemTimeoutMs !== undefined,
      isFlushed: retries.crash === 0,
      abortGraceMs: { timeout: TIMEOUT_GRACE_MS, cancel: graceMs },
      replace: (worker, isExplained) => this.crew.replace(worker, this.#explained.delete(worker) || isExplained),
      settled: () => this.#settle(),
    })
  }

  #createWatch(): ItemWatch | undefined {
    const { itemTimeoutMs } = this.settings
    if (itemTimeoutMs === undefined) return undefined
    return new ItemWatch({
      itemTimeoutMs,
      workers: this.crew.workers,
      now: readClock,
      held: this.#driver.held,
      timedOut: (worker, unit, offset) => this.#driver.post({ type: 'timedOut', worker, unit, offset }),
    })
  }

  isBusy(worker: string): boolean {
    return this.dispatcher.heldBy(worker) > 0 || this.crew.workers.get(worker)?.isLooping === true
  }

  #countWorkers(): number {
    return Math.max(1, this.crew.workers.size)
  }

  #hasIdleWorker(): boolean {
    for (const worker of this.crew.workers.keys()) if (!this.isBusy(worker)) return true
    return false
  }

  #settle(): void {
    this.#watch?.update()
    this.#stallWatch.update()
    this.checkDrained()
    if (this.#jobs.size > 1 && this.#hasIdleWorker()) for (const job of this.#jobs.values()) job.nudge()
  }

  /** @throws what the pool was closed with. */
  checkOpen(): void {
    if (this.#refusal !== undefined) throw this.#refusal
  }

  get isExiting(): boolean {
    return this.#isExiting
  }

  open(plan: StreamPlan): StreamJob {
    const job = new StreamJob(this.#nextJob++, plan, {
      post: (event) => this.#driver.post(event),
      countWorkers: () => this.#countWorkers(),
      hasIdleWorker: () => this.#hasIdleWorker(),
      isPortable: this.isPortable,
      now: readClock,
      register: (opened) => {
        this.#jobs.set(opened.id, opened)
        this.progress.opened(opened)
      },
      jobClosed: (closed) => {
        this.#jobs.delete(closed.id)
        this.progress.closed()
      },
    })
    return job
  }

  /** Resolves when there are so many workers; rejects when the pool ends before. */
  async resize(size: number): Promise<void> {
    this.checkOpen()
    await Promise.race([this.crew.resize(size), this.whenDestroyed])
  }

  /** Waits until nothing is in work, and, when asked, until all results are taken; at most `graceMs`. */
  async #drain(mustBeTaken: boolean): Promise<void> {
    const drained = createDeferred<void>()
    const timer = setTimeout(() => drained.resolve(), this.settings.graceMs)
    this.#draining = { drained, mustBeTaken }
    this.#driver.post({ type: 'closing' })
    await drained.promise
    clearTimeout(timer)
  }

  /** Every event that can end a drain is posted: an answer, a death, a chunk that its consumer is through with. */
  checkDrained(): void {
    if (this.#draining === undefined || !this.dispatcher.isQuiet || this.queueing.isLooping) return
    const { drained, mustBeTaken } = this.#draining
    if (!mustBeTaken || [...this.#jobs.values()].every((job) => job.isTaken)) drained.resolve()
  }

  /** Ends in an orderly way: what is in work may finish within `graceMs`. */
  close(error: EisenmpError = explainClosed('closed')): Promise<void> {
    this.#closing ??= this.#closeOrderly(error)
    return this.#closing
  }

  async #closeOrderly(error: EisenmpError): Promise<void> {
    this.#refusal ??= error
    // Interrupted while it starts: createPool() would wait for a worker that will not come.
    this.#destroyed.reject(error)
    for (const job of [...this.#jobs.values()]) job.drain(error)
    this.queueing.drain(error)
    await this.#drain(false)
    await this.#end(error, () => this.crew.leave())
  }

  /** Ends now: whatever is pending rejects with `reason`. */
  destroy(reason: unknown = explainClosed('destroyed')): Promise<void> {
    this.#refusal ??= reason
    this.#destroyed.reject(reason)
    return this.#end(reason, () => this.crew.end())
  }

  #end(reason: unknown, endCrew: () => Promise<void>): Promise<void> {
    if (!this.#isExiting) {
      for (const job of [...this.#jobs.values()]) job.fail(reason)
      this.queueing.end(reason)
    }
    this.#draining?.drained.resolve()
    if (this.#ending === undefined) this.#ending = this.#tidyUp(endCrew)
    else void endCrew()
    return this.#ending
  }

  async #tidyUp(endCrew: () => Promise<void>): Promise<void> {
    unregisterInterruptible(this)
    this.settings.signal?.removeEventListener('abort', this.#onAbort)
    await endCrew()
    this.#watch?.stop()
    this.#stallWatch.stop()
    this.progress.stop()
    await this.#backend.close()
  }

  async interrupt(signal: string, exits: boolean): Promise<void> {
    const text = `Cannot go on: the program was interrupted by ${signal}; what had been started was finished`
    const error = new EisenmpError('ERR_EISENMP_INTERRUPTED', text)
    if (!exits) {
      this.queueing.interrupt(error)
      return this.close(error)
    }
    this.#refusal ??= error
    this.#isExiting = true
    for (const job of this.#jobs.values()) job.drain(undefined)
    this.queueing.interrupt(undefined)
    await this.#drain(true)
    await this.#end(error, () => this.crew.leave())
  }

  kill(): void {
    void this.destroy()
  }
}

function explainClosed(how: string): EisenmpError {
  return new EisenmpError('ERR_EISENMP_CLOSED', `Cannot use the pool: it was ${how}; create a new one`)
}
